import { SafebaseError } from "@safebase/contracts";
import type { Config } from "@safebase/runtime";
import type { MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { authenticate } from "../auth/authenticate.ts";
import type { Scope } from "../catalog/scope.ts";
import type { User } from "../catalog/schema.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { actsAsAdmin, admit } from "./admit.ts";
import { clientIp, type Ctx, type Env } from "./context.ts";

export const SESSION_COOKIE = "safebase_session";
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

type Standing = Pick<Core, "db" | "secrets" | "config">;

/**
 * Lets nobody through without a token, in the Authorization header or in the web's cookie, who may do what the route
 * asks for, and says whose it is; but where the route is open to anybody.
 */
export function requireActor(deps: Standing): MiddlewareHandler<Env> {
  return async (c, next) => {
    const right = c.get("right");
    if (right === "public") return next();
    const token = bearer(c) ?? cookie(c, deps.config);
    if (token === undefined) throw new SafebaseError("unauthorized", "a token is needed", { hint: "send Authorization: Bearer <token> from POST /auth/login or /api/tokens" });
    const { user, claims } = await authenticate(deps, token, clientIp(c, deps.config.trust_proxy));
    if (right === undefined) return next(); // there is no such route
    const { scope, narrowed } = admit({ user, claims, method: c.req.method, right, scope: c.req.query("scope") });
    c.set("claims", claims);
    c.set("user", user);
    c.set("narrowed", narrowed);
    c.set("actor", actorOf(c, deps.config, user, scope));
    return next();
  };
}

/** Who asks where nobody needs to be: a bad header is refused, an old cookie is nobody. */
export async function optionalActor(c: Ctx, deps: Standing): Promise<Actor | undefined> {
  const header = bearer(c);
  const token = header ?? cookie(c, deps.config);
  if (token === undefined) return undefined;
  try {
    const { user, claims } = await authenticate(deps, token, clientIp(c, deps.config.trust_proxy));
    const role = user.role === "admin" && !actsAsAdmin(user, claims) ? "user" : user.role;
    return actorOf(c, deps.config, { ...user, role }, { user_id: user.id });
  } catch (error) {
    if (header === undefined && error instanceof SafebaseError && error.code === "unauthorized") return undefined;
    throw error;
  }
}

function actorOf(c: Ctx, config: Config, user: User, scope: Scope): Actor {
  return { user_id: user.id, email: user.email, role: user.role, ip: clientIp(c, config.trust_proxy), scope };
}

function bearer(c: Ctx): string | undefined {
  const header = c.req.header("authorization");
  if (header === undefined) return undefined;
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined) throw new SafebaseError("unauthorized", "the Authorization header must be: Bearer <token>");
  return token;
}

/** A browser sends the cookie by itself: what changes something must come from our own pages. */
function cookie(c: Ctx, config: Config): string | undefined {
  const token = getCookie(c, SESSION_COOKIE);
  if (token === undefined || token === "") return undefined;
  if (!SAFE_METHODS.has(c.req.method) && !fromOurPages(c, config)) {
    throw new SafebaseError("forbidden", "a request with the session cookie must come from SafeBase's own pages", { hint: "programs send Authorization: Bearer <token>" });
  }
  return token;
}

function fromOurPages(c: Ctx, config: Config): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("origin");
  if (origin === undefined || !URL.canParse(origin)) return false;
  if (config.public_url !== undefined && new URL(config.public_url).origin === origin) return true;
  return new URL(origin).host === c.req.header("host");
}
