import { createHash, timingSafeEqual } from "node:crypto";
import { SafebaseError } from "@safebase/contracts";
import type { Config } from "./config.ts";

type Settings = Pick<Config, "metrics_token" | "host" | "public_url" | "trust_proxy">;

/**
 * Throws unless /metrics may be shown to whoever sends this Authorization header: it holds the names of databases.
 * With SAFEBASE_METRICS_TOKEN that token opens it, everywhere. Without one it is open on a port that is made for it,
 * and on the gateway's as long as this machine alone reaches that.
 */
export function requireMetricsAccess(config: Settings, port: "gateway" | "metrics", authorization: string | undefined): void {
  if (config.metrics_token === undefined) {
    if (port === "metrics" || !isReached(config)) return;
    throw new SafebaseError("forbidden", "/metrics is not shown on a port that others reach", {
      hint: "set SAFEBASE_METRICS_TOKEN and send it as a bearer token, or set SAFEBASE_METRICS_PORT and keep that port private",
    });
  }
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token !== undefined && timingSafeEqual(digest(token), digest(config.metrics_token))) return;
  throw new SafebaseError("unauthorized", "/metrics needs the token of SAFEBASE_METRICS_TOKEN", { hint: "send Authorization: Bearer <token>" });
}

/** Do others than this machine reach the gateway, by its address or through a proxy? */
function isReached({ host, public_url, trust_proxy }: Settings): boolean {
  return trust_proxy || !isLoopback(host) || (public_url !== undefined && !isLoopback(new URL(public_url).hostname));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
