import type { Backup } from "../../api/types.ts";

/** So many days back each day is a group of its own; before that each month is. */
const DAYS = 30;
const DAY_MS = 86_400_000;

/** What was made on a day such as 2026-11-20, or in a month such as 2026-03, as the reader's clock has them. */
export interface Group<B> { readonly when: string; readonly backups: readonly B[] }

/** A history, the newest first, by days and then by months. */
export function groupsOf<B extends Pick<Backup, "created_at">>(backups: readonly B[], now_ms: number): Group<B>[] {
  const groups: { when: string; backups: B[] }[] = [];
  for (const backup of backups) {
    const when = dayOf(backup.created_at).slice(0, now_ms - Date.parse(backup.created_at) > DAYS * DAY_MS ? 7 : 10);
    const last = groups.at(-1);
    if (last?.when === when) last.backups.push(backup);
    else groups.push({ when, backups: [backup] });
  }
  return groups;
}

/** The day of a time here, such as 2026-11-20. */
function dayOf(iso: string): string {
  const at = new Date(iso);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
