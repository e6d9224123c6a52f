import type { Dashboard } from "../../api/types.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Right } from "../session/rights.ts";

export type Attention = Dashboard["attention"]["items"][number];

/** Where more of it is seen, or what is missing is set up. */
export interface Link { readonly href: string; readonly words: keyof Texts["attention"]["actions"]; readonly right?: Right }

export function linkOf({ kind, database, backup_id, restore_id, storage, channel }: Pick<Attention, "kind" | "database" | "backup_id" | "restore_id" | "storage" | "channel">): Link | undefined {
  if (kind === "unplanned" && database !== null) return { href: `/schedules/new?database_id=${database.id}`, words: "schedule", right: "manage" };
  if (kind === "schedules_paused") return { href: "/settings", words: "settings", right: "administer" };
  if (channel !== null) return { href: `/alerts/deliveries?status=dead&channel_id=${channel.id}`, words: "deliveries" };
  if (restore_id !== null) return { href: `/restores/${restore_id}`, words: "restore" };
  if (backup_id !== null) return { href: `/backups/${backup_id}`, words: "backup" };
  if (storage !== null && storage.id > 0) return { href: `/storages/${storage.id}`, words: "storage" };
  if (database !== null) return { href: `/databases/${database.id}`, words: "database" };
  return undefined;
}

/** The page of what it is about, where it has one. */
export function subjectHref({ database, storage }: Pick<Attention, "database" | "storage">): string | undefined {
  if (database !== null) return `/databases/${database.id}`;
  return storage !== null && storage.id > 0 ? `/storages/${storage.id}` : undefined;
}

/** The backups that ended on a day. */
export function dayHref({ since, until }: { since: string; until: string }): string {
  return `/backups?since=${encodeURIComponent(since)}&until=${encodeURIComponent(until)}`;
}

/** The points from the day before anything was stored: before that there is nothing to see. */
export function fromFirst(usage: Dashboard["usage"]): Dashboard["usage"] {
  const first = usage.findIndex(({ bytes }) => bytes > 0);
  return first === -1 ? [] : usage.slice(Math.max(0, first - 1));
}
