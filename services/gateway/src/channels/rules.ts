import { NOTICE_KINDS, NOTICE_SEVERITY, type ChannelType, type NoticeKind } from "@safebase/contracts";
import { z } from "zod";
import type { Channel } from "../catalog/schema.ts";

/** What a channel is told of, as it is kept; kinds that a later version knew are left out. */
export function eventsOf({ events }: Pick<Channel, "events">): NoticeKind[] {
  return z.array(z.string()).parse(JSON.parse(events)).filter((name): name is NoticeKind => Object.hasOwn(NOTICE_SEVERITY, name));
}

/** The databases that a channel is told of; null for all that it may be told of. */
export function databasesOf({ database_ids }: Pick<Channel, "database_ids">): number[] | null {
  return database_ids === null ? null : z.array(z.int()).parse(JSON.parse(database_ids));
}

/** Events or databases as they are kept. */
export function listed(values: Iterable<NoticeKind | number>): string {
  return JSON.stringify([...new Set(values)]);
}

/** Whatever is wrong, and that it is well again. */
const TROUBLE = NOTICE_KINDS.filter((kind) => NOTICE_SEVERITY[kind] !== "info" || kind === "backup_recovered" || kind === "objective_met" || kind === "server_sync_recovered" || kind.endsWith("_back"));

/** All that is critical: every failure is. */
export const CRITICAL = NOTICE_KINDS.filter((kind) => NOTICE_SEVERITY[kind] === "critical");

/** What a channel is told of unless its owner says otherwise. */
export function defaultEvents(type: ChannelType): NoticeKind[] {
  if (type === "webhook") return [...NOTICE_KINDS];
  if (type === "healthchecks") return ["backup_completed", "backup_recovered", "backup_failed"];
  return TROUBLE;
}
