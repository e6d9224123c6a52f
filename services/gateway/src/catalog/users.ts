import { deleteChannelsOf } from "./channels.ts";
import type { Db } from "./scope.ts";
import type { Role, User } from "./schema.ts";

/** Takes the row that everybody writes first, so that transactions which register an account follow one another. */
const REGISTER_LOCK = "lock:register";

/** Adds an account; `roleOf` is asked with the number of accounts that there are. Undefined when the email is taken. */
export async function insertUser(
  db: Db, input: { email: string; password_hash: string; created_at: string; password_expires_at?: string }, roleOf: (accounts: number) => Role,
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

/** An account with the number of databases that it has. */
export interface Account extends User { readonly databases: number }

export async function listAccounts(db: Db): Promise<Account[]> {
  const rows = await accountRows(db).orderBy("users.id").execute();
  return rows.map((row) => ({ ...row, databases: Number(row.databases) }));
}

export async function findAccount(db: Db, id: number): Promise<Account | undefined> {
  const row = await accountRows(db).where("users.id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : { ...row, databases: Number(row.databases) };
}

function accountRows(db: Db) {
  return db.selectFrom("users").selectAll().select((eb) => eb.selectFrom("databases").select((of) => of.fn.countAll().as("count"))
    .whereRef("databases.user_id", "=", "users.id").where("databases.deleted_at", "is", null).as("databases"));
}

/** `expires_at`: for a password that is not one's own and is to be changed until then. */
export async function setPassword(db: Db, id: number, password_hash: string, expires_at: string | null): Promise<void> {
  await db.updateTable("users").set({ password_hash, password_expires_at: expires_at }).where("id", "=", id).execute();
}

export async function setEmail(db: Db, id: number, email: string): Promise<"done" | "taken"> {
  const taken = await db.selectFrom("users").select("id").where("email", "=", email).where("id", "!=", id).executeTakeFirst();
  if (taken !== undefined) return "taken";
  await db.updateTable("users").set({ email }).where("id", "=", id).execute();
  return "done";
}

export async function noteLogin(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("users").set({ last_login_at: at }).where("id", "=", id).execute();
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

/** Changes a role, or since when an account is disabled, unless nobody who gets in would be admin afterwards. Belongs in a transaction. */
export async function updateAccount(tx: Db, id: number, change: { role?: Role; disabled_at?: string | null }): Promise<UserChange> {
  const obstacle = await lastAdmin(tx, id);
  const keeps = (change.role ?? "admin") === "admin" && (change.disabled_at ?? null) === null;
  if (obstacle === "missing" || (obstacle === "last_admin" && !keeps)) return obstacle;
  await tx.updateTable("users").set(change).where("id", "=", id).execute();
  return "done";
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

/** When the installation began; undefined before its first account. */
export async function firstAccountAt(db: Db): Promise<string | undefined> {
  return (await db.selectFrom("users").select("created_at").orderBy("id").limit(1).executeTakeFirst())?.created_at;
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

/** Admins are written first, so that two who demote each other follow one another. */
async function lastAdmin(db: Db, id: number): Promise<"missing" | "last_admin" | undefined> {
  await db.updateTable("users").set({ role: "admin" }).where("role", "=", "admin").execute();
  const user = await findUser(db, id);
  if (user === undefined) return "missing";
  const others = await db.selectFrom("users").select("id").where("role", "=", "admin").where("disabled_at", "is", null).where("id", "!=", id).limit(1).executeTakeFirst();
  return user.role === "admin" && user.disabled_at === null && others === undefined ? "last_admin" : undefined;
}
