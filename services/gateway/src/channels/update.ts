import type { Warning } from "@safebase/contracts";
import { updateChannel as change } from "../catalog/channels.ts";
import { endOpenOf } from "../catalog/notifications.ts";
import type { Channel } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { announceChannel } from "./announce.ts";
import type { SavedChannel } from "./create.ts";
import { changeConfig, openConfig, sealConfig, type ConfigChange } from "./config.ts";
import { lockOwnChannel, requireChannel } from "./find.ts";
import { databasesOf, eventsOf, listed } from "./rules.ts";
import { checkDatabases, groupOf, mayHearAll, refuseAllUsers, type ChannelSettings } from "./settings.ts";
import { checkTargets } from "./target.ts";
import { channelView } from "./view.ts";

/** What is left out stays, in `config`, too; null takes an optional field of it away. */
export type UpdateChannelInput = ChannelSettings & { readonly id: number; readonly config?: ConfigChange | undefined };

/** Changes a channel. One that is disabled is told nothing any more, not even what it was to be told before. */
export async function updateChannel(deps: Deps, actor: Actor, { id, ...input }: UpdateChannelInput): Promise<SavedChannel> {
  const warnings = input.config === undefined ? [] : await checkWanted(deps, actor, id, input.config);
  const at = deps.now().toISOString();
  const row = await deps.db.transaction().execute(async (tx) => {
    const before = await lockOwnChannel(tx, actor, id);
    const after = await change(tx, id, { ...leading(deps, before, input), ...await settings(tx, before, input), updated_at: at });
    if (after.enabled === 0) await endOpenOf(tx, id, "the channel was disabled", at);
    await auditDone(tx, deps, actor, "channel.update", { type: "channel", id }, { name: after.name, type: after.type, target: after.target, changed: changed(input) });
    return after;
  });
  deps.dispatcher.channelsChanged();
  const view = channelView(row, deps.secrets);
  announceChannel(deps, view);
  return { channel: view, warnings };
}

/** Asks the network: not while the catalog is locked. */
async function checkWanted(deps: Deps, actor: Actor, id: number, config: ConfigChange): Promise<Warning[]> {
  const wanted = changeConfig(openConfig(deps.secrets, await requireChannel(deps.db, actor, id)), config);
  return checkTargets(wanted, deps.config.allowed_targets);
}

function leading(deps: Deps, before: Channel, input: Omit<UpdateChannelInput, "id">): Partial<Channel> {
  if (input.config === undefined) return { group_s: groupOf(before.type, input.group_s, before) };
  const where = sealConfig(deps.secrets, changeConfig(openConfig(deps.secrets, before), input.config));
  return { ...where, group_s: groupOf(where.type, input.group_s, before) };
}

async function settings(tx: Db, before: Channel & { user_id: number }, input: Omit<UpdateChannelInput, "id">): Promise<Partial<Channel>> {
  const mayAll = await mayHearAll(tx, before.user_id);
  if (input.all_users === true && !mayAll) throw refuseAllUsers();
  const all_users = mayAll && (input.all_users ?? before.all_users === 1);
  const database_ids = input.database_ids === undefined ? databasesOf(before) : input.database_ids;
  if (input.database_ids !== undefined || input.all_users !== undefined) await checkDatabases(tx, before.user_id, all_users, database_ids);
  return {
    name: input.name ?? before.name, events: listed(input.events ?? eventsOf(before)), database_ids: database_ids === null ? null : listed(database_ids),
    all_users: all_users ? 1 : 0, language: input.language ?? before.language, enabled: (input.enabled ?? before.enabled === 1) ? 1 : 0,
  };
}

/** Names only: values of a config are secret. */
function changed({ config, ...rest }: Omit<UpdateChannelInput, "id">): string[] {
  const named = Object.entries(rest).filter(([, value]) => value !== undefined).map(([name]) => name);
  return [...named, ...Object.keys(config ?? {}).map((name) => `config.${name}`)];
}
