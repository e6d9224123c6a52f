import { z } from "zod";

function upTo(most: number) {
  const sentence = `must be a whole number from 1 to ${most}`;
  return z.int(sentence).min(1, sentence).max(most, sentence);
}

const count = upTo(10_000);

/**
 * What of a history is kept: a backup stays when any rule keeps it. Without any rule everything stays. The tiers keep
 * the newest backup of each of the last so many days, ISO weeks, months or years that have one.
 */
export const RetentionPolicy = z.strictObject({
  keep_last: count.optional(),
  keep_days: upTo(36_500).optional(),
  daily: count.optional(),
  weekly: count.optional(),
  monthly: count.optional(),
  yearly: count.optional(),
});
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;

/** Grandfather, father, son: what a new schedule gets unless it says otherwise. */
export const CLASSIC_RETENTION: RetentionPolicy = { daily: 7, weekly: 4, monthly: 12 };
