import { z } from "zod";
import { TRIGGERS } from "./commands.ts";

/** A schedule's time has come. Schedule and planned time identify it: seen twice, it runs once. */
export const Due = z.object({
  schedule_id: z.int(), planned_at: z.iso.datetime(), emitted_at: z.iso.datetime(), trigger: z.enum(TRIGGERS),
});
export type Due = z.infer<typeof Due>;

/** What the scheduler needs of a schedule: one value of the KV bucket, keyed by its id. */
export const ScheduleEntry = z.object({
  schedule_id: z.int(), cron: z.string(), timezone: z.string(),
  /** The event follows its planned time by up to so much, always by the same for one schedule and planned time. */
  jitter_s: z.int().min(0).default(0),
  /** Planned times up to this one are none of this schedule's: it was made, changed or resumed then. */
  since: z.iso.datetime(),
});
export type ScheduleEntry = z.infer<typeof ScheduleEntry>;

/** The regular work of the system itself. Losing a tick costs a delay, seeing one twice costs nothing. */
export const TICKS = ["retention", "objectives", "sweep", "storage_check", "check", "catalog_backup", "servers"] as const;
export type TickName = (typeof TICKS)[number];

export const Tick = z.object({ name: z.enum(TICKS), planned_at: z.iso.datetime() });
export type Tick = z.infer<typeof Tick>;
