import type { ApiToken, NewApiToken } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

export async function insertApiToken(db: Db, token: Pick<NewApiToken, "user_id" | "name" | "token_hash" | "rights" | "created_at" | "expires_at">): Promise<ApiToken> {
  return db.insertInto("api_tokens").values({ ...token, last_used_at: null, last_used_ip: null }).returningAll().executeTakeFirstOrThrow();
}

export async function listApiTokens(db: Db, scope: Scope): Promise<ApiToken[]> {
  return db.selectFrom("api_tokens").selectAll().where(ownedBy("api_tokens.user_id", scope)).orderBy("id").execute();
}

/** The token that was shown as what has this hash: for nobody's eyes but the check of who asks. */
export async function apiTokenOf(db: Db, tokenHash: string): Promise<ApiToken | undefined> {
  return db.selectFrom("api_tokens").selectAll().where("token_hash", "=", tokenHash).executeTakeFirst();
}

export async function isApiToken(db: Db, id: number): Promise<boolean> {
  return (await db.selectFrom("api_tokens").select("id").where("id", "=", id).executeTakeFirst()) !== undefined;
}

export async function noteApiTokenUse(db: Db, id: number, use: { at: string; ip: string | null }): Promise<void> {
  await db.updateTable("api_tokens").set({ last_used_at: use.at, last_used_ip: use.ip }).where("id", "=", id).execute();
}

/** Removes a token; undefined when it is not there for this scope. */
export async function deleteApiToken(db: Db, id: number, scope: Scope): Promise<ApiToken | undefined> {
  return db.deleteFrom("api_tokens").where("id", "=", id).where(ownedBy("api_tokens.user_id", scope)).returningAll().executeTakeFirst();
}
