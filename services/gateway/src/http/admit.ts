import { SafebaseError } from "@safebase/contracts";
import { mayOthers, mayOwn, rightsOf, type Right, type RouteRight } from "../auth/rights.ts";
import type { TokenClaims } from "../auth/tokens.ts";
import type { Scope } from "../catalog/scope.ts";
import type { User } from "../catalog/schema.ts";

const SEEING = new Set(["GET", "HEAD"]);

export interface Request {
  readonly user: User;
  readonly claims: TokenClaims;
  readonly method: string;
  /** Null: its route says none. */
  readonly right: RouteRight | null;
  readonly scope: string | undefined;
}

/** Whose things the request is about, and whether it asked for more than its right reaches. */
export interface Admitted { readonly scope: Scope; readonly narrowed: boolean }

/** Refuses what the role, the API token or a password that is not one's own yet does not allow. */
export function admit({ user, claims, method, right, scope }: Request): Admitted {
  if (right === null || right === "public") throw new SafebaseError("forbidden", "nobody may do this: the route does not say who may");
  const own: Scope = { user_id: user.id };
  requireOwn(user, right);
  requireOfToken(claims, right === "self" ? (SEEING.has(method) ? "read" : "manage") : right);
  if (user.password_expires_at !== null && claims.api_token_id === null && right !== "self") {
    throw new SafebaseError("forbidden", "choose a password of your own first", { hint: "POST /auth/password" });
  }
  if (!wantsAll(scope)) return { scope: own, narrowed: false };
  if (!mayOthers(user.role, "read")) throw new SafebaseError("forbidden", "a user may not see what belongs to others", { hint: "admins, operators and viewers may" });
  const all = mayOthers(user.role, right === "self" ? "administer" : right);
  return { scope: all ? "all" : own, narrowed: !all };
}

function requireOwn({ role }: User, right: Right | "self"): void {
  if (right === "self" || mayOwn(role, right)) return;
  if (right === "administer") throw new SafebaseError("forbidden", "only an admin may do this");
  throw new SafebaseError("forbidden", `the role ${role} does not allow this`, { hint: "ask an admin for another role" });
}

function requireOfToken(claims: TokenClaims, right: Right): void {
  if (claims.api_token_id === null || rightsOf("admin", claims.rights).own.includes(right)) return;
  throw new SafebaseError("forbidden", `this API token may ${claims.rights} and no more, and this needs the right to ${right}`, { hint: "make another at POST /api/tokens" });
}

/** Whether what he shows lets an admin act as one: neither an API token with fewer rights does, nor a password that is not his own yet. */
export function actsAsAdmin({ role, password_expires_at }: User, claims: TokenClaims): boolean {
  return role === "admin" && (claims.api_token_id === null ? password_expires_at === null : claims.rights === "administer");
}

function wantsAll(asked: string | undefined): boolean {
  if (asked === undefined || asked === "own") return false;
  if (asked === "all") return true;
  throw new SafebaseError("bad_request", `scope must be own or all, got ${JSON.stringify(asked.slice(0, 40))}`);
}

/** What became of a request that reached its own things alone, although it asked for everybody's. */
export function tellNarrowed(error: SafebaseError): SafebaseError {
  if (error.code !== "not_found") return error;
  return new SafebaseError("forbidden", "your role does not allow this with what belongs to others", { hint: "ask its owner or an admin" });
}
