import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Origin } from "../auth/place.ts";
import type { RouteRight } from "../auth/rights.ts";
import type { TokenClaims } from "../auth/tokens.ts";
import type { User } from "../catalog/schema.ts";
import type { Actor } from "../jobs/deps.ts";

/** What middleware leaves for routes. `outgoing` and `incoming` are absent where no socket is (app.request). */
export interface Env {
  Bindings: Partial<HttpBindings>;
  Variables: {
    request_id: string; actor: Actor; user: User; claims: TokenClaims;
    /** What its route asks for; null: it does not say, undefined: there is no such route. */
    right: RouteRight | null | undefined;
    /** It asked for everybody's things where its user may reach his own alone. */
    narrowed: boolean | undefined;
  };
}

export type Ctx = Context<Env>;

/** The address that the request comes from. Behind a trusted proxy it is the last one that the proxy added. */
export function clientIp(c: Ctx, trustProxy: boolean): string | null {
  const forwarded = trustProxy ? c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  const address = forwarded || (c.env?.incoming?.socket.remoteAddress ?? null);
  return address?.replace(/^::ffff:(?=\d+\.)/, "") ?? null;
}

/** The same with the program that it says it is. */
export function originOf(c: Ctx, trustProxy: boolean): Origin {
  return { ip: clientIp(c, trustProxy), user_agent: c.req.header("user-agent") ?? null };
}

/** Whether the browser reaches us over TLS, which ends in front of us. */
export function isHttps(c: Ctx, config: { readonly public_url: string | undefined; readonly trust_proxy: boolean }): boolean {
  if (config.trust_proxy) return c.req.header("x-forwarded-proto")?.split(",").at(-1)?.trim() === "https";
  return config.public_url?.startsWith("https://") ?? false;
}
