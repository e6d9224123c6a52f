import { SafebaseError } from "@safebase/contracts";
import type { Role, User } from "../catalog/schema.ts";
import { isRevoked } from "../catalog/tokens.ts";
import { findUser } from "../catalog/users.ts";
import type { Core } from "../jobs/deps.ts";
import { readToken, type TokenClaims } from "./tokens.ts";

/** Whose token this is, as the catalog knows him now: a deleted account or a changed role counts at once. */
export async function authenticate(deps: Pick<Core, "db" | "secrets">, token: string): Promise<{ user: User; claims: TokenClaims }> {
  const claims = await readToken(deps.secrets, token);
  if (await isRevoked(deps.db, claims.jti)) throw new SafebaseError("unauthorized", "this session was logged out", { hint: "log in again at POST /auth/login" });
  const user = await findUser(deps.db, claims.user_id);
  if (user === undefined) throw new SafebaseError("unauthorized", "the account of this token does not exist any more");
  return { user, claims };
}

/** Whether a session that began is still one: not logged out, and the account as it was. */
export async function sessionHolds(deps: Pick<Core, "db">, claims: TokenClaims, role: Role): Promise<boolean> {
  if (await isRevoked(deps.db, claims.jti)) return false;
  return (await findUser(deps.db, claims.user_id))?.role === role;
}
