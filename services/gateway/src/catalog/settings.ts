import type { Db } from "./scope.ts";

/** A setting of the whole installation; undefined when it was never made. */
export async function findSetting(db: Db, key: string): Promise<string | undefined> {
  return (await db.selectFrom("settings").select("value").where("key", "=", key).executeTakeFirst())?.value;
}

/**
 * The same, and makes other transactions that lock this setting wait for ours, one that was never made included: whoever
 * finds it undefined has to make it.
 */
export async function lockSetting(tx: Db, key: string, at: string): Promise<string | undefined> {
  const { value } = await tx.insertInto("settings").values({ key, value: NEVER_MADE, updated_at: at })
    .onConflict((conflict) => conflict.column("key").doUpdateSet((eb) => ({ value: eb.ref("settings.value") }))).returning("value").executeTakeFirstOrThrow();
  return value === NEVER_MADE ? undefined : value;
}

const NEVER_MADE = "";

export async function putSetting(db: Db, key: string, value: string, at: string): Promise<void> {
  await db.insertInto("settings").values({ key, value, updated_at: at })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value, updated_at: at })).execute();
}
