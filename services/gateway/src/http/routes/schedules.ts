import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { RetentionPolicy } from "@safebase/contracts";
import type { Deps } from "../../jobs/deps.ts";
import { createSchedule } from "../../schedules/create.ts";
import { deleteSchedule } from "../../schedules/delete.ts";
import { getScheduleWithRuns } from "../../schedules/get.ts";
import { listSchedules } from "../../schedules/list.ts";
import { MOST_JITTER_S, previewSchedule } from "../../schedules/preview.ts";
import { updateSchedule } from "../../schedules/update.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, BodyId, errors, Id, IdParam, Message, paged, pageOf, Pagination, scoped, ScopeQuery, needs, Storages, Time } from "../schemas.ts";
import { Compression, Format, parts, ScheduleView, ScheduleWithRuns } from "./job-schemas.ts";

const tags = ["schedules"];
const One = z.object({ schedule: ScheduleView });

export const cron = z.string().max(200).openapi({ example: "0 3 * * *", description: "Five fields, or @hourly, @daily, @weekly, @monthly, @yearly" });
export const settings = {
  name: z.string().trim().min(1).max(200).optional(), timezone: z.string().max(100).optional().openapi({ example: "Europe/Paris", description: "IANA name; default UTC" }),
  enabled: z.boolean().optional(), format: Format.nullable().optional(), compression: Compression.nullable().optional(),
  ...parts, storages: Storages.nullable().optional().openapi({ description: "By their names; null, the default: what its database says" }),
  retention: RetentionPolicy.nullable().optional().openapi({ description: "Of the backups that it makes; default 7 daily, 4 weekly, 12 monthly. {} keeps everything, null follows the database's policy" }),
  jitter_s: z.int().min(0).max(MOST_JITTER_S).optional().openapi({ description: "Each run begins up to so much later, always by the same for one schedule and time" }),
  verify_every: z.int().min(1).max(1_000).nullable().optional().openapi({ description: "Each so many-th backup is test-restored" }),
  verify_database_id: BodyId.nullable().optional().openapi({ description: "The registered database on whose server that happens; null for the backup's own" }),
};

const list = createRoute({
  method: "get", path: "/", tags, summary: "List schedules", ...needs("read"), description: "With how they have run.",
  request: { query: z.strictObject({ ...scoped, ...paged, database_id: Id.optional(), enabled: z.enum(["true", "false"]).optional(), search: z.string().trim().max(200).optional().openapi({ description: "Part of its name or its database's" }) }) },
  responses: { 200: answer(z.object({ schedules: z.array(ScheduleWithRuns), pagination: Pagination }), "The schedules with their next times, by database"), ...errors(400, 401, 403) },
});

const create = createRoute({
  method: "post", path: "/", tags, summary: "Back a database up at set times", ...needs("manage"),
  request: { query: ScopeQuery, ...body(z.strictObject({ database_id: BodyId, cron, ...settings })) },
  responses: { 201: answer(One, "The schedule"), ...errors(400, 401, 404) },
});

const preview = createRoute({
  method: "post", path: "/preview", tags, summary: "Show when a schedule would run", ...needs("read"),
  description: "Nothing is changed.", request: { query: ScopeQuery, ...body(z.strictObject({ cron, timezone: settings.timezone })) },
  responses: { 200: answer(z.object({
    cron: z.string().openapi({ description: "In five fields" }), timezone: z.string(), next_runs: z.array(Time), longest_jitter_s: z.int().openapi({ description: "The most that jitter_s may be" }),
    clock_changes: z.array(z.object({ at: Time, kind: z.enum(["skipped", "repeated"]) }))
      .openapi({ description: "Runs of the coming year that a change of the clocks moves: skipped, the clocks leap over their time, and they begin at the leap; repeated, the clocks show their time twice, and they begin at the first" }),
  }), "The next times"), ...errors(400, 401) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a schedule", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ schedule: ScheduleWithRuns }), "The schedule, with how it has run"), ...errors(400, 401, 404) },
});

const update = createRoute({
  method: "put", path: "/{id}", tags, summary: "Change a schedule", description: "What is left out stays.", ...needs("manage"),
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ cron: cron.optional(), ...settings })) },
  responses: { 200: answer(One, "The schedule"), ...errors(400, 401, 404) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "End a schedule", description: "The backups that it made stay.", ...needs("manage"),
  request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Message, "Ended"), ...errors(400, 401, 404) },
});

export function scheduleRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => {
      const { database_id, enabled, search, ...query } = c.req.valid("query");
      return c.json(await listSchedules(deps, c.get("actor"), { ...pageOf(query), database_id, search, enabled: enabled === undefined ? undefined : enabled === "true" }), 200);
    })
    .openapi(create, async (c) => c.json({ schedule: await createSchedule(deps, c.get("actor"), c.req.valid("json")) }, 201))
    .openapi(preview, (c) => c.json(previewSchedule(deps, c.req.valid("json")), 200))
    .openapi(get, async (c) => c.json({ schedule: await getScheduleWithRuns(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(update, async (c) => {
      const schedule = await updateSchedule(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") });
      return c.json({ schedule }, 200);
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid("param");
      await deleteSchedule(deps, c.get("actor"), { id });
      return c.json({ message: `schedule ${id} is ended; its backups stay` }, 200);
    });
}
