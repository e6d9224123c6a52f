import { SafebaseError } from "@safebase/contracts";
import { isApiToken } from "../catalog/api-tokens.ts";
import type { Role, User } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { isRevoked } from "../catalog/tokens.ts";
import { findUser } from "../catalog/users.ts";
import type { Core } from "../jobs/deps.ts";
import { API_TOKEN_PREFIX, readApiToken } from "./api-tokens.ts";
import { readToken, type TokenClaims } from "./tokens.ts";

/** Whose token this is, as the catalog knows him now: a deleted account or a changed role counts at once. */
export async function authenticate(deps: Pick<Core, "db" | "secrets">, token: string, ip: string | null): Promise<{ user: User; claims: TokenClaims }> {
  const claims = token.startsWith(API_TOKEN_PREFIX) ? await readApiToken(deps.db, token, ip) : await readToken(deps.secrets, token);
  const user = await findUser(deps.db, claims.user_id);
  if (user === undefined) throw new SafebaseError("unauthorized", "the account of this token does not exist any more");
  if (user.disabled_at !== null) throw new SafebaseError("unauthorized", "this account is disabled", { hint: "ask an admin" });
  if (await isOver(deps.db, claims, user)) throw new SafebaseError("unauthorized", "this session was logged out", { hint: "log in again at POST /auth/login" });
  return { user, claims };
}

/** Whether a session that began is still one: not logged out, its API token not revoked, and the account as it was. */
export async function sessionHolds(deps: Pick<Core, "db">, claims: TokenClaims, role: Role): Promise<boolean> {
  const user = await findUser(deps.db, claims.user_id);
  return user?.role === role && user.disabled_at === null && !await isOver(deps.db, claims, user);
}

/** An API token was revoked, or a session logged out, alone or with all of its account. */
async function isOver(db: Db, claims: TokenClaims, user: User): Promise<boolean> {
  if (claims.api_token_id !== null) return !await isApiToken(db, claims.api_token_id);
  return claims.sessions_ended !== user.sessions_ended || await isRevoked(db, claims.jti);
}
