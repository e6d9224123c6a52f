import type { Language, NoticeKind } from "@safebase/contracts";
import { listOf, type ChannelValues } from "./config.ts";
import type { ChannelType } from "./types.ts";

/** What it is told and how, as the API takes it. */
export function settingsOf(type: ChannelType, { name, reach, events, database_ids, others, language, group_s }: ChannelValues) {
  return {
    name: name.trim(), events: listOf(events) as NoticeKind[], language: language as Language,
    database_ids: reach === "chosen" ? listOf(database_ids).map(Number) : null,
    all_users: reach === "all" || (reach === "chosen" && others === "true"),
    // Pings of a dead man's switch are never held back; a number that is none goes as it was typed: the API says what it must be.
    ...(type === "healthchecks" ? {} : { group_s: (/^\d+(\.\d+)?$/.test(group_s.trim()) ? Number(group_s) : group_s) as number }),
  };
}
