import { requireMetricsAccess } from "@safebase/runtime";
import { Hono } from "hono";
import type { Registry } from "prom-client";
import { pingCatalog } from "../../catalog/ping.ts";
import type { Core } from "../../jobs/deps.ts";
import type { Env } from "../context.ts";

/** What watches the gateway: metrics, whether it lives, and whether it can do its work. */
export function opsRoutes(deps: Core & { readonly metrics: Registry }) {
  return new Hono<Env>()
    .get("/metrics", async (c) => {
      requireMetricsAccess(deps.config, "gateway", c.req.header("authorization"));
      return c.body(await deps.metrics.metrics(), 200, { "content-type": deps.metrics.contentType });
    })
    .get("/healthz", (c) => c.text("ok\n"))
    .get("/readyz", async (c) => {
      if (!deps.bus.connected) return c.text("NATS is not connected\n", 503);
      try {
        await pingCatalog(deps.db);
      } catch (err) {
        deps.log.warn({ err }, "the catalog does not answer");
        return c.text("the catalog does not answer\n", 503);
      }
      return c.text("ok\n");
    });
}
