import { randomUUID } from "node:crypto";
import type { Log } from "@safebase/runtime";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { Histogram, type Registry } from "prom-client";
import type { Ctx, Env } from "./context.ts";

/** Gives every request an id, and counts and times it by its route's pattern. */
export function observe(log: Log, metrics: Registry): MiddlewareHandler<Env> {
  const duration_seconds = new Histogram({
    name: "http_request_duration_seconds", help: "Time until a request's answer began, by route and status",
    labelNames: ["method", "route", "status"], buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30], registers: [metrics],
  });
  return async (c, next) => {
    const request_id = randomUUID();
    c.set("request_id", request_id);
    c.header("x-request-id", request_id);
    const started = performance.now();
    await next();
    const took_s = (performance.now() - started) / 1000;
    duration_seconds.observe({ method: methodOf(c), route: patternOf(c), status: c.res.status }, took_s);
    log.debug({ request_id, method: c.req.method, path: c.req.path, status: c.res.status, took_s }, "request");
  };
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Made-up methods and paths become one label: whoever asks for them must not fill the memory. */
function methodOf(c: Ctx): string {
  return METHODS.has(c.req.method) ? c.req.method : "other";
}

function patternOf(c: Ctx): string {
  const route = matchedRoutes(c).filter(({ method, path }) => method !== "ALL" && !path.endsWith("*")).at(-1);
  return route?.path ?? "none";
}
