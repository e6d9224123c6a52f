import type { HistoryRow, Need } from "../catalog/retention.ts";
import { isLost } from "../checks/end.ts";

/**
 * Why some of a database's backups are never removed, by their id: the last completed, the last verified, pinned ones,
 * and those that something is waiting for. One that was found damaged is no last one while there is another. Where clocks were set, the last by time and the last by id may be two: both stay.
 */
export function protectionsOf(history: readonly HistoryRow[], needs: readonly Need[]): ReadonlyMap<number, readonly string[]> {
  const protections = new Map<number, string[]>();
  const protect = (id: number | undefined, reason: string): void => {
    if (id === undefined) return;
    const reasons = protections.get(id) ?? [];
    if (!reasons.includes(reason)) protections.set(id, [...reasons, reason]);
  };
  for (const { id, pinned } of history) if (pinned === 1) protect(id, "pinned");
  const completed = intactOf(history);
  for (const row of [lastBy(completed, "id"), lastBy(completed, "created_at"), lastBy(completed, "started_at"), lastBy(completed, "finished_at")]) {
    protect(row?.id, "last completed backup");
  }
  const verified = intactOf(history.filter(({ verified_at }) => verified_at !== null));
  for (const row of [lastBy(verified, "id"), lastBy(verified, "finished_at"), lastBy(verified, "verified_at")]) protect(row?.id, "last verified backup");
  for (const { backup_id, by } of needs) protect(backup_id, `needed by ${by}`);
  return protections;
}

/** All, where none is intact: something may still be got out of them. */
function intactOf(history: readonly HistoryRow[]): readonly HistoryRow[] {
  const intact = history.filter(({ integrity }) => !isLost(integrity));
  return intact.length > 0 ? intact : history;
}

type Measure = "id" | "created_at" | "started_at" | "finished_at" | "verified_at";

function lastBy(history: readonly HistoryRow[], measure: Measure): HistoryRow | undefined {
  return history.reduce<HistoryRow | undefined>((last, row) => {
    const [now, before] = [row[measure], last?.[measure] ?? null];
    if (now === null) return last;
    return before === null || now > before || (now === before && row.id > (last?.id ?? 0)) ? row : last;
  }, undefined);
}
