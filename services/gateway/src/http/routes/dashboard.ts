import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { isTimeZone } from "../../dashboard/days.ts";
import { readDashboard } from "../../dashboard/read.ts";
import type { Deps } from "../../jobs/deps.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, needs, scoped } from "../schemas.ts";
import { Dashboard } from "./dashboard-schemas.ts";

const TimeZone = z.string().max(100).refine(isTimeZone, "must be a name such as Europe/Paris or UTC").openapi({ example: "Europe/Paris", description: "IANA name, for what a day is; default UTC" });

const read = createRoute({
  method: "get", path: "/", tags: ["stats"], summary: "Are we safe, and what needs attention", ...needs("read"), request: { query: z.strictObject({ ...scoped, time_zone: TimeZone.optional() }) },
  responses: { 200: answer(Dashboard, "All that the dashboard of the web UI shows, as it is now"), ...errors(400, 401, 403) },
});

export function dashboardRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(read, async (c) => c.json(await readDashboard(deps, c.get("actor"), { time_zone: c.req.valid("query").time_zone ?? "UTC" }), 200));
}
