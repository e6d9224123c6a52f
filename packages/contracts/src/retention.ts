import { z } from "zod";

const count = z.int().min(1).max(10_000);

/**
 * What of a history is kept: a backup stays when any rule keeps it. Without any rule everything stays. The tiers keep
 * the newest backup of each of the last so many days, ISO weeks, months or years that have one.
 */
export const RetentionPolicy = z.strictObject({
  keep_last: count.optional(),
  keep_days: z.int().min(1).max(36_500).optional(),
  daily: count.optional(),
  weekly: count.optional(),
  monthly: count.optional(),
  yearly: count.optional(),
});
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;

/** Grandfather, father, son: what a new schedule gets unless it says otherwise. */
export const CLASSIC_RETENTION: RetentionPolicy = { daily: 7, weekly: 4, monthly: 12 };
