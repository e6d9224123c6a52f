import type { Secrets } from "@safebase/runtime";
import type { Channel } from "../catalog/schema.ts";
import { openConfig, shownConfig } from "./config.ts";
import { databasesOf, eventsOf } from "./rules.ts";

/** A channel as the API shows it: where it leads in short, and the names of its secrets, never the secrets. */
export type ChannelView = ReturnType<typeof channelView>;

export function channelView(row: Channel, secrets: Secrets) {
  return {
    id: row.id, user_id: row.user_id, name: row.name, type: row.type, target: row.target, ...shownConfig(row.type, openConfig(secrets, row)),
    events: eventsOf(row), database_ids: databasesOf(row), all_users: row.all_users === 1, language: row.language, group_s: row.group_s,
    enabled: row.enabled === 1, source: row.source, created_at: row.created_at, updated_at: row.updated_at,
  };
}
