import { ENGINE_TYPES, ERROR_CODES, JOB_KINDS, Progress } from "@safebase/contracts";
import { z } from "@hono/zod-openapi";
import { ATTENTION_KINDS } from "../../dashboard/attention.ts";
import { VERDICTS } from "../../dashboard/verdict.ts";
import { Time } from "../schemas.ts";
import { Status } from "./job-schemas.ts";
import { NoticeView } from "./notice-schemas.ts";

const Owner = z.object({ id: z.int(), email: z.string() });
const Named = z.object({ id: z.int(), name: z.string() });
const OfDatabase = Named.extend({ type: z.enum(ENGINE_TYPES) });

const Verdict = z.object({
  state: z.enum(VERDICTS).openapi({ description: "nothing: there is no database; risk: something critical, or soon a backup that is too old, or no schedule; missed: a database without a backup that is recent enough" }),
  databases: z.int(), met: z.int(), never: z.int().openapi({ description: "Never backed up" }), missed: z.int(), at_risk: z.int(),
  unplanned: z.int().openapi({ description: "Neither a schedule nor a limit says how old their backups may get" }), critical: z.int().openapi({ description: "Of the items that need attention" }),
});

const Attention = z.object({
  id: z.string().openapi({ description: "The same as long as it is about the same" }), kind: z.enum(ATTENTION_KINDS), severity: z.enum(["warning", "critical"]), since: Time.nullable(),
  owner: Owner.nullable().openapi({ description: "null: it concerns the whole installation" }), database: OfDatabase.nullable(), backup_id: z.int().nullable(), restore_id: z.int().nullable(), storage: Named.nullable(), channel: Named.nullable(),
  executor: z.object({ group: z.string().nullable(), id: z.string().nullable() }).nullable(), error_code: z.enum(ERROR_CODES).nullable(), error_msg: z.string().nullable(), count: z.int().nullable(),
  newest_at: Time.nullable().openapi({ description: "When the data was taken of the newest backup that counts" }), limit_s: z.number().nullable(), used_percent: z.number().nullable(),
});

const Running = z.object({
  id: z.int(), kind: z.enum(JOB_KINDS), status: Status, owner: Owner, database: OfDatabase.nullable(), storage: z.string().nullable(),
  backup_id: z.int().nullable(), restore_id: z.int().nullable(), verification_id: z.int().nullable(), check_id: z.int().nullable(),
  not_before: Time, created_at: Time, started_at: Time.nullable(), progress: Progress.nullable(),
});

const Day = z.object({ date: z.string().openapi({ example: "2026-01-31" }), since: Time, until: Time, completed: z.int(), failed: z.int() });

export const Dashboard = z.object({
  verdict: Verdict,
  attention: z.object({ items: z.array(Attention), total: z.int() }).openapi({ description: "The worst first; at most 50" }),
  totals: z.object({
    by_status: z.record(Status, z.int()), stored_bytes: z.number().openapi({ description: "Of completed backups whose artifact exists, each counted once, however many its copies are" }),
    success_rate_30d: z.number().nullable().openapi({ description: "Completed of those that completed or failed in the last 30 days, also of those that have expired since; null when none did" }),
  }),
  usage: z.array(z.object({ at: Time, bytes: z.number() })).openapi({ description: "What was stored at the end of each of the last 90 days, and is now" }),
  days: z.array(Day).openapi({ description: "How the backups of each of the last 365 days ended, also of those that have expired since" }),
  running: z.object({ jobs: z.array(Running), total: z.int() }).openapi({ description: "Everything that runs or waits; at most 30" }),
  next_runs: z.array(z.object({ schedule_id: z.int(), name: z.string(), database_id: z.int(), database_name: z.string(), user_id: z.int(), at: Time })),
  events: z.array(NoticeView).openapi({ description: "The newest notices" }),
}).openapi("Dashboard");
