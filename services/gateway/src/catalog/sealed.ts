import type { Db } from "./scope.ts";

/** Something that was sealed with the master key, if there is anything. */
export async function someSealed(db: Db): Promise<string | undefined> {
  const password = await db.selectFrom("databases").select("password_sealed as sealed").where("password_sealed", "is not", null).limit(1).executeTakeFirst();
  const channel = password ?? await db.selectFrom("channels").select("config_sealed as sealed").limit(1).executeTakeFirst();
  const key = channel ?? await db.selectFrom("encryption_keys").select("identity_sealed as sealed").where("identity_sealed", "is not", null).limit(1).executeTakeFirst();
  return key?.sealed ?? undefined;
}

/**
 * Makes the catalog say what is so when nobody can open anything that it holds sealed: no identity is kept, no channel
 * is told. Passwords and the configs of storages stay as they are, so that who needs one says that it must be entered
 * again. Answers how many of each were lost.
 */
export async function forgetSealed(db: Db, at: string): Promise<Record<string, number>> {
  const identities = await db.updateTable("encryption_keys").set({ identity_sealed: null }).where("identity_sealed", "is not", null).executeTakeFirst();
  await db.updateTable("jobs").set({ identities_sealed: null }).where("identities_sealed", "is not", null).execute();
  const channels = await db.updateTable("channels").set({ enabled: 0, updated_at: at }).where("source", "=", "api").where("enabled", "=", 1).executeTakeFirst();
  const passwords = await db.selectFrom("databases").select((eb) => eb.fn.countAll().as("count")).where("password_sealed", "is not", null).executeTakeFirstOrThrow();
  const storages = await db.selectFrom("storages").select((eb) => eb.fn.countAll().as("count")).where("config_sealed", "is not", null).executeTakeFirstOrThrow();
  return {
    identities: Number(identities.numUpdatedRows), channels: Number(channels.numUpdatedRows), passwords: Number(passwords.count), storages: Number(storages.count),
  };
}
