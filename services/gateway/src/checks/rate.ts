const DAY_MS = 86_400_000;

/** How many backups were last seen on a day of UTC. */
export interface Seen { readonly day: string; readonly backups: number }

/**
 * How many checks are to be ordered today, the longest unseen first, so that every backup is seen once in so many days:
 * of m backups as many as keep what is left for later within m ÷ days a day. So the load is even, whatever was made or
 * missed together, and nothing is read more often than it must be. `seen`: the oldest day first.
 */
export function checksDue(seen: readonly Seen[], every_days: number, today: string): number {
  const total = seen.reduce((sum, { backups }) => sum + backups, 0);
  const rate = Math.ceil(total / every_days);
  let due = 0, older = 0;
  for (const { day, backups } of seen) {
    older += backups;
    const daysLeft = Math.max(0, every_days - (Date.parse(today) - Date.parse(day)) / DAY_MS);
    due = Math.max(due, older - rate * daysLeft);
  }
  return due;
}
