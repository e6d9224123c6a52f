import { OBJECTIVE_KINDS } from "@safebase/contracts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { OBJECTIVE_STATES } from "../../catalog/schema.ts";
import type { Deps } from "../../jobs/deps.ts";
import { getObjective } from "../../objectives/get.ts";
import { listObjectives } from "../../objectives/list.ts";
import { updateObjective } from "../../objectives/update.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, Id, IdParam, paged, pageOf, Pagination, scoped, ScopeQuery, needs, Time } from "../schemas.ts";

const tags = ["objectives"];
const State = z.enum(OBJECTIVE_STATES).openapi({ description: "none: there is nothing to hold it to, or it is disabled; at_risk: beyond 80 % of its limit" });
const LONGEST_S = 10 * 366 * 86_400;
const MaxAge = z.int().min(60).max(LONGEST_S).nullable()
  .openapi({ description: "How old it may get, in seconds; null: twice the longest pause between two runs of its schedule" });

const ObjectiveView = z.object({
  id: z.int(), user_id: z.int(), user_email: z.string(), database_id: z.int(), database_name: z.string(),
  kind: z.enum(OBJECTIVE_KINDS).openapi({ description: "Of which backup the age counts: the newest completed one, or the newest one that a test restore has proved" }),
  enabled: z.boolean(), max_age_s: MaxAge, state: State, state_since: Time,
  limit_s: z.number().nullable().openapi({ description: "What it is held to now" }), automatic: z.boolean().openapi({ description: "The limit follows the schedules" }),
  newest_at: Time.nullable().openapi({ description: "When that backup began, for its data is as old as that" }), age_s: z.number().nullable(),
  next_run_at: Time.nullable(), created_at: Time, updated_at: Time,
}).openapi("Objective");
const One = z.object({ objective: ObjectiveView });

const list = createRoute({
  method: "get", path: "/", tags, summary: "List objectives", ...needs("read"),
  description: "How old each database's newest backup, and its newest proved one, may get, and is. Every database has one of each kind from its registration to its end.",
  request: { query: z.strictObject({ ...scoped, ...paged, database_id: Id.optional(), state: State.optional() }) },
  responses: { 200: answer(z.object({ objectives: z.array(ObjectiveView), pagination: Pagination }), "By database"), ...errors(400, 401, 403) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show an objective", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(One, "The objective"), ...errors(400, 401, 403, 404) },
});

const update = createRoute({
  method: "put", path: "/{id}", tags, summary: "Change an objective", ...needs("manage"),
  description: "What is left out stays. Objectives are neither made nor deleted: one that is disabled is never missed.",
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ max_age_s: MaxAge.optional(), enabled: z.boolean().optional() })) },
  responses: { 200: answer(One, "The objective, judged by its new limit"), ...errors(400, 401, 403, 404) },
});

export function objectiveRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => {
      const { database_id, state, ...query } = c.req.valid("query");
      return c.json(await listObjectives(deps, c.get("actor"), { ...pageOf(query), database_id, state }), 200);
    })
    .openapi(get, async (c) => c.json({ objective: await getObjective(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(update, async (c) => {
      const objective = await updateObjective(deps, c.get("actor"), { ...c.req.valid("param"), ...c.req.valid("json") });
      return c.json({ objective }, 200);
    });
}
