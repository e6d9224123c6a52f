import { SERVICES } from "@safebase/contracts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { listExecutors } from "../../executors/list.ts";
import type { AppDeps } from "../app.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, ScopeQuery, needs, Time } from "../schemas.ts";

const Executors = z.object({
  groups: z.array(z.object({ group: z.string(), alive: z.int() })).openapi({ description: "Every group that has executors, or databases that need one" }),
  services: z.array(z.object({ name: z.enum(SERVICES), alive: z.int() })),
  executors: z.array(z.object({
    id: z.string(), host: z.string(), group: z.string(), version: z.string(), clients: z.array(z.object({ name: z.string(), version: z.string() })),
    running_jobs: z.array(z.int()), last_seen_at: Time,
  })).nullable().openapi({ description: "For admins and operators" }),
}).openapi("Executors");

const list = createRoute({
  method: "get", path: "/", tags: ["executors"], summary: "Who lives", ...needs("read"), request: { query: ScopeQuery },
  responses: { 200: answer(Executors, "As their signs of life say"), ...errors(400, 401, 403) },
});

export function executorRoutes(deps: Pick<AppDeps, "db" | "watch">) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json(await listExecutors(deps, c.get("actor")), 200));
}
