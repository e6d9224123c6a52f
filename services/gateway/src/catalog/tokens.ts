import type { Db } from "./scope.ts";

/** Makes a token useless until it expires by itself, and forgets those that have. */
export async function revokeToken(db: Db, token: { jti: string; expires_at: string }, now: string): Promise<void> {
  await db.deleteFrom("revoked_tokens").where("expires_at", "<", now).execute();
  await db.insertInto("revoked_tokens").values(token).onConflict((conflict) => conflict.column("jti").doNothing()).execute();
}

export async function isRevoked(db: Db, jti: string): Promise<boolean> {
  return (await db.selectFrom("revoked_tokens").select("jti").where("jti", "=", jti).executeTakeFirst()) !== undefined;
}
