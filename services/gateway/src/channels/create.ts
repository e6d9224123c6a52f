import type { ChannelConfig, Warning } from "@safebase/contracts";
import { insertChannel } from "../catalog/channels.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { announceChannel } from "./announce.ts";
import { sealConfig } from "./config.ts";
import { defaultEvents, listed } from "./rules.ts";
import { checkDatabases, groupOf, mayHearAll, refuseAllUsers, type ChannelSettings } from "./settings.ts";
import { checkTargets } from "./target.ts";
import { channelView, type ChannelView } from "./view.ts";

/** A channel, and what may keep it from working. */
export interface SavedChannel { readonly channel: ChannelView; readonly warnings: Warning[] }

export type CreateChannelInput = ChannelSettings & { readonly name: string; readonly config: ChannelConfig };

/** Has somebody told of things. Nothing is sent yet: that is what a test is for. */
export async function createChannel(deps: Deps, actor: Actor, input: CreateChannelInput): Promise<SavedChannel> {
  const { config, name, all_users = false, database_ids = null, events = defaultEvents(config.type) } = input;
  const group_s = groupOf(config.type, input.group_s);
  const warnings = await checkTargets(config, deps.config.allowed_targets);
  const at = deps.now().toISOString();
  const row = await deps.db.transaction().execute(async (tx) => {
    if (all_users && !await mayHearAll(tx, actor.user_id)) throw refuseAllUsers();
    await checkDatabases(tx, actor.user_id, all_users, database_ids);
    const inserted = await insertChannel(tx, {
      ...sealConfig(deps.secrets, config), user_id: actor.user_id, name, events: listed(events), database_ids: database_ids === null ? null : listed(database_ids),
      all_users: all_users ? 1 : 0, language: input.language ?? "en", group_s, enabled: input.enabled === false ? 0 : 1, source: "api", created_at: at, updated_at: at,
    });
    await auditDone(tx, deps, actor, "channel.create", { type: "channel", id: inserted.id }, { name, type: inserted.type, target: inserted.target, all_users });
    return inserted;
  });
  deps.dispatcher.channelsChanged();
  const view = channelView(row, deps.secrets);
  announceChannel(deps, view);
  return { channel: view, warnings };
}
