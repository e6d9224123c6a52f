import type { Generated, Insertable, Selectable } from "kysely";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** Lets one machine join a group of executors, once. The token itself is kept nowhere. */
export interface JoinTokensTable {
  id: Generated<number>;
  token_hash: string; // SHA-256
  executor_group: string;
  user_id: number;
  created_at: string;
  expires_at: string;
  used_at: Generated<string | null>;
  used_ip: Generated<string | null>;
  /** What the machine that joined called itself. */
  used_host: Generated<string | null>;
}
export type JoinToken = Selectable<JoinTokensTable>;

export async function insertJoinToken(db: Db, token: Pick<Insertable<JoinTokensTable>, "token_hash" | "executor_group" | "user_id" | "created_at" | "expires_at">): Promise<JoinToken> {
  return db.insertInto("join_tokens").values(token).returningAll().executeTakeFirstOrThrow();
}

/** The newest first. */
export async function listJoinTokens(db: Db, scope: Scope): Promise<JoinToken[]> {
  return db.selectFrom("join_tokens").selectAll().where(ownedBy("join_tokens.user_id", scope)).orderBy("id", "desc").execute();
}

/** The token that was shown as what has this hash: for nobody's eyes but the check of who joins. */
export async function joinTokenOf(db: Db, tokenHash: string): Promise<JoinToken | undefined> {
  return db.selectFrom("join_tokens").selectAll().where("token_hash", "=", tokenHash).executeTakeFirst();
}

/** Uses a token up, in one statement, so that of machines that join at once one does. */
export async function claimJoinToken(db: Db, id: number, { at, ip, host }: { readonly at: string; readonly ip: string | null; readonly host: string }): Promise<boolean> {
  const claimed = await db.updateTable("join_tokens").set({ used_at: at, used_ip: ip, used_host: host })
    .where("id", "=", id).where("used_at", "is", null).where("expires_at", ">", at).returning("id").executeTakeFirst();
  return claimed !== undefined;
}

/** Removes a token; undefined when it is not there for this scope. */
export async function deleteJoinToken(db: Db, id: number, scope: Scope): Promise<JoinToken | undefined> {
  return db.deleteFrom("join_tokens").where("id", "=", id).where(ownedBy("join_tokens.user_id", scope)).returningAll().executeTakeFirst();
}

/** Removes the tokens of a group that nobody has used. */
export async function deleteJoinTokensOf(db: Db, group: string): Promise<void> {
  await db.deleteFrom("join_tokens").where("executor_group", "=", group).where("used_at", "is", null).execute();
}

/** Removes tokens that expired before a time. */
export async function pruneJoinTokens(db: Db, before: string): Promise<void> {
  await db.deleteFrom("join_tokens").where("expires_at", "<", before).execute();
}
