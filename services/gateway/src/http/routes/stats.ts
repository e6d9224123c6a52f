import { ENGINE_TYPES, JOB_KINDS } from "@safebase/contracts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { readStats } from "../../stats/read.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, ScopeQuery, needs, Time } from "../schemas.ts";
import { BackupView, Status } from "./job-schemas.ts";

const Stats = z.object({
  databases: z.int(),
  backups: z.object({
    total: z.int(), by_status: z.record(Status, z.int()),
    by_type: z.array(z.object({ type: z.enum(ENGINE_TYPES), count: z.int(), stored_bytes: z.number() })),
    stored_bytes: z.number(), success_rate_30d: z.number().nullable().openapi({ description: "Completed of those that completed or failed; null when none did" }),
  }),
  last_backups: z.array(BackupView),
  open_jobs: z.array(z.object({
    id: z.int(), kind: z.enum(JOB_KINDS), status: Status, backup_id: z.int().nullable(), restore_id: z.int().nullable(), verification_id: z.int().nullable(), check_id: z.int().nullable(), copy_id: z.int().nullable(), created_at: Time, started_at: Time.nullable(),
  })),
  next_runs: z.array(z.object({ schedule_id: z.int(), name: z.string(), database_id: z.int(), database_name: z.string(), at: Time })),
}).openapi("Stats");

const read = createRoute({
  method: "get", path: "/", tags: ["stats"], summary: "How things stand", ...needs("read"), request: { query: ScopeQuery },
  responses: { 200: answer(Stats, "Totals, the last month, what runs and what comes next"), ...errors(401, 403) },
});

export function statsRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid }).openapi(read, async (c) => c.json(await readStats(deps, c.get("actor")), 200));
}
