import type { Config } from "@safebase/runtime";
import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { isHttps, type Env } from "./context.ts";

/** Headers of every answer. A page that needs more than nothing sets its own Content-Security-Policy. */
export function securityHeaders(config: Config): MiddlewareHandler<Env> {
  const basic = secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    xFrameOptions: "DENY", referrerPolicy: "no-referrer", strictTransportSecurity: false, overwrite: false,
  });
  return async (c, next) => {
    await basic(c, next);
    if (isHttps(c, config)) c.header("strict-transport-security", "max-age=15552000");
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  };
}
