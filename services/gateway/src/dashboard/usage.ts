/** What was stored at the end of each day, from what is stored now and what came and went on each of them: oldest first, as these are. */
export function storedAtEnds(stored_bytes: number, days: readonly { readonly came: number; readonly went: number }[]): number[] {
  const ends: number[] = [];
  let left = stored_bytes;
  for (const { came, went } of days.toReversed()) {
    ends.unshift(left);
    left = Math.max(0, left - came + went);
  }
  return ends;
}

/** Completed of those that completed or failed; null when none did. */
export function successRate(days: readonly { readonly completed: number; readonly failed: number }[]): number | null {
  const [completed, failed] = days.reduce(([good, bad], day) => [good + day.completed, bad + day.failed], [0, 0]);
  return completed + failed === 0 ? null : completed / (completed + failed);
}
