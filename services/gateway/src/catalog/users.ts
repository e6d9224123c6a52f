import { deleteChannelsOf } from "./channels.ts";
import type { Db } from "./scope.ts";
import type { Role, User } from "./schema.ts";

/** Takes the row that everybody writes first, so that transactions which register an account follow one another. */
const REGISTER_LOCK = "lock:register";

/** Adds an account; `roleOf` is asked with the number of accounts that there are. Undefined when the email is taken. */
export async function insertUser(
  db: Db, input: { email: string; password_hash: string; created_at: string }, roleOf: (accounts: number) => Role,
): Promise<User | undefined> {
  return db.transaction().execute(async (tx) => {
    await tx.insertInto("login_throttle").values({ key: REGISTER_LOCK, failures: 0, window_started_at: input.created_at, locked_until: null })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ window_started_at: input.created_at })).execute();
    const accounts = await countUsers(tx);
    const taken = await tx.selectFrom("users").select("id").where("email", "=", input.email).executeTakeFirst();
    if (taken !== undefined) return undefined;
    return tx.insertInto("users").values({ ...input, role: roleOf(accounts) }).returningAll().executeTakeFirstOrThrow();
  });
}

export async function countUsers(db: Db): Promise<number> {
  const row = await db.selectFrom("users").select((eb) => eb.fn.countAll().as("count")).executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function findUserByEmail(db: Db, email: string): Promise<User | undefined> {
  return db.selectFrom("users").selectAll().where("email", "=", email).executeTakeFirst();
}

export async function findUser(db: Db, id: number): Promise<User | undefined> {
  return db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function listUsers(db: Db): Promise<User[]> {
  return db.selectFrom("users").selectAll().orderBy("id").execute();
}

export async function setPassword(db: Db, id: number, password_hash: string): Promise<void> {
  await db.updateTable("users").set({ password_hash }).where("id", "=", id).execute();
}

/** Moves forward until when somebody has seen his notices. */
export async function setNoticesSeen(db: Db, id: number, until: string): Promise<void> {
  await db.updateTable("users").set({ notices_seen_at: until }).where("id", "=", id)
    .where((eb) => eb.or([eb("notices_seen_at", "is", null), eb("notices_seen_at", "<", until)])).execute();
}

/** Makes every session's token of an account useless. */
export async function endSessionsOf(db: Db, id: number): Promise<void> {
  await db.updateTable("users").set((eb) => ({ sessions_ended: eb("sessions_ended", "+", 1) })).where("id", "=", id).execute();
}

/** What stands in the way of a change to an account: nothing, its absence, or that no admin would be left. */
export type UserChange = "done" | "missing" | "last_admin" | "owns_data";

/** Changes a role, unless nobody would be admin afterwards. */
export async function updateRole(db: Db, id: number, role: Role): Promise<UserChange> {
  return db.transaction().execute(async (tx) => {
    const obstacle = role === "admin" ? await missing(tx, id) : await lastAdmin(tx, id);
    if (obstacle !== undefined) return obstacle;
    await tx.updateTable("users").set({ role }).where("id", "=", id).execute();
    return "done";
  });
}

/**
 * Deletes an account that owns nothing any more, with its channels; its audit entries stay, under its email. What is
 * left of what it once had, the records of deleted things, becomes an admin's.
 */
export async function deleteUser(db: Db, id: number): Promise<UserChange> {
  return db.transaction().execute(async (tx) => {
    const obstacle = await lastAdmin(tx, id);
    if (obstacle !== undefined) return obstacle;
    if (await ownsSomething(tx, id)) return "owns_data";
    const heir = await tx.selectFrom("users").select("id").where("role", "=", "admin").where("id", "!=", id).orderBy("id").executeTakeFirst();
    if (heir !== undefined) for (const table of RECORDS) await tx.updateTable(table).set({ user_id: heir.id }).where("user_id", "=", id).execute();
    await deleteChannelsOf(tx, id);
    await tx.updateTable("audit").set({ user_id: null }).where("user_id", "=", id).execute();
    await tx.deleteFrom("users").where("id", "=", id).execute();
    return "done";
  });
}

const RECORDS = ["databases", "backups", "restores", "verifications", "checks", "jobs", "objectives"] as const;

/** Does an account have anything that is not deleted, or a job that is not over? */
async function ownsSomething(db: Db, id: number): Promise<boolean> {
  for (const table of ["databases", "backups"] as const) {
    if (await db.selectFrom(table).select("id").where("user_id", "=", id).where("deleted_at", "is", null).limit(1).executeTakeFirst()) return true;
  }
  if (await db.selectFrom("servers").select("id").where("user_id", "=", id).limit(1).executeTakeFirst()) return true;
  if (await db.selectFrom("schedules").select("id").where("user_id", "=", id).limit(1).executeTakeFirst()) return true;
  const keys = db.selectFrom("encryption_keys").select("id").where("user_id", "=", id);
  const others = db.selectFrom("backup_keys").innerJoin("backups", "backups.id", "backup_keys.backup_id").select("backups.id")
    .where("backup_keys.encryption_key_id", "in", keys).where("backups.user_id", "!=", id).where("backups.deleted_at", "is", null).where("backups.status", "in", ["pending", "running", "completed"]);
  if (await others.limit(1).executeTakeFirst()) return true;
  if (await db.selectFrom("storages").select("id").where((eb) => eb.or([eb("user_id", "=", id), eb("encryption_key_id", "in", keys)])).limit(1).executeTakeFirst()) return true;
  return await db.selectFrom("jobs").select("id").where("user_id", "=", id).where("status", "in", ["pending", "running"]).limit(1).executeTakeFirst() !== undefined;
}

async function missing(db: Db, id: number): Promise<"missing" | undefined> {
  return (await findUser(db, id)) === undefined ? "missing" : undefined;
}

/** Admins are written first, so that two who demote each other follow one another. */
async function lastAdmin(db: Db, id: number): Promise<"missing" | "last_admin" | undefined> {
  await db.updateTable("users").set({ role: "admin" }).where("role", "=", "admin").execute();
  const user = await findUser(db, id);
  if (user === undefined) return "missing";
  const others = await db.selectFrom("users").select("id").where("role", "=", "admin").where("id", "!=", id).limit(1).executeTakeFirst();
  return user.role === "admin" && others === undefined ? "last_admin" : undefined;
}
