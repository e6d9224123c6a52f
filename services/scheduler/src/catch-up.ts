import { createHash } from "node:crypto";

/** Emitted later than this, a planned time is one that fell due while nobody was there to emit it. */
export const CATCH_UP_AFTER_MS = 10_000;

/** A watermark further ahead was written by a clock that was wrong. */
export const MAX_AHEAD_MS = 60_000;

/** A schedule as the bucket has it, and when it was put there; of ten thousand, so in numbers. */
export interface Known {
  readonly schedule_id: number;
  readonly cron: string;
  readonly timezone: string;
  readonly jitter_s: number;
  /** Planned times up to this one are none of its own. */
  readonly since_ms: number;
  readonly written_at_ms: number;
}

/** One planned time of a schedule, and the moment to say so. */
export interface Emission {
  readonly schedule: Known;
  readonly planned_at: Date;
  readonly due_at: Date;
}

/** Undefined for a time from before the schedule was made, changed or resumed. */
export function emissionOf(schedule: Known, planned_at: Date): Emission | undefined {
  if (planned_at.getTime() <= schedule.since_ms) return undefined;
  const due_at = schedule.jitter_s === 0 ? planned_at : new Date(planned_at.getTime() + jitterOf_ms(schedule, planned_at));
  return { schedule, planned_at, due_at };
}

/** The same in every scheduler, for one schedule and planned time: chance without a die. */
function jitterOf_ms({ schedule_id, jitter_s }: Known, planned_at: Date): number {
  const digest = createHash("sha256").update(`${schedule_id}:${planned_at.toISOString()}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * jitter_s * 1000);
}

export function triggerOf({ due_at }: Emission, now: Date): "scheduled" | "catch_up" {
  return now.getTime() - due_at.getTime() > CATCH_UP_AFTER_MS ? "catch_up" : "scheduled";
}

/**
 * Do all who know the watermark know that this was emitted? What was due up to it was, of every schedule that had been
 * in the bucket by then. Without a watermark nothing is known: the gateway drops what has had its backup.
 */
export function wasEmitted({ schedule, due_at }: Emission, watermark: Date | undefined, now: Date): boolean {
  if (watermark === undefined || watermark.getTime() > now.getTime() + MAX_AHEAD_MS) return false;
  return schedule.written_at_ms <= watermark.getTime() && due_at <= watermark;
}
