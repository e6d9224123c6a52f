import { ChannelConfig, NOTICE_KINDS, type NoticeKind } from "@safebase/contracts";
import { ConfigError, type Config } from "@safebase/runtime";
import { deleteChannel, insertConfiguredChannel, lockConfiguredChannels, updateChannel } from "../catalog/channels.ts";
import { endOpenOf } from "../catalog/notifications.ts";
import type { Channel } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import type { Core } from "../jobs/deps.ts";
import { openConfig, sealConfig } from "./config.ts";
import { CRITICAL, listed } from "./rules.ts";

/** A channel that a setting asks for; the setting is its name. */
interface Configured { readonly name: string; readonly config: ChannelConfig; readonly events: readonly NoticeKind[] }

/** Writes the channels of our own configuration into the catalog, and removes those whose setting is gone. At the start. */
export async function syncConfiguredChannels(core: Core): Promise<void> {
  const wanted = configuredChannels(core.config);
  const at = core.now().toISOString();
  await core.db.transaction().execute(async (tx) => {
    const known = new Map((await lockConfiguredChannels(tx)).map((channel) => [channel.name, channel]));
    for (const each of wanted) await write(tx, core, each, known.get(each.name), at);
    for (const channel of known.values()) {
      if (wanted.some(({ name }) => name === channel.name)) continue;
      await deleteChannel(tx, channel.id);
      await endOpenOf(tx, channel.id, `the channel was removed: ${channel.name} is not set any more`, at);
    }
  });
}

async function write(tx: Db, core: Core, { name, config, events }: Configured, before: Channel | undefined, at: string): Promise<void> {
  const settings = { events: listed(events), group_s: core.config.alert_group_s };
  if (before === undefined) {
    return insertConfiguredChannel(tx, {
      ...sealConfig(core.secrets, config), ...settings, name, user_id: null, database_ids: null, all_users: 1, language: "en", source: "configuration",
      created_at: at, updated_at: at,
    });
  }
  const same = before.events === settings.events && before.group_s === settings.group_s && leadsTo(core, before, config);
  if (!same) await updateChannel(tx, before.id, { ...sealConfig(core.secrets, config), ...settings, updated_at: at });
}

function leadsTo(core: Core, channel: Channel, config: ChannelConfig): boolean {
  try {
    return JSON.stringify(openConfig(core.secrets, channel)) === JSON.stringify(config);
  } catch (err) {
    core.log.warn({ err, channel: channel.name }, "a channel of the configuration cannot be opened: it is written anew");
    return false;
  }
}

/** Mail tells failures and whatever else is critical: an alert that comes every night is not read. A program is told all. */
function configuredChannels({ alert_email, alert_webhook_url }: Config): Configured[] {
  return [
    ...(alert_email === undefined ? [] : [configured("SAFEBASE_ALERT_EMAIL", { type: "email", to: addresses(alert_email) }, CRITICAL)]),
    ...(alert_webhook_url === undefined ? [] : [configured("SAFEBASE_ALERT_WEBHOOK_URL", { type: "webhook", url: alert_webhook_url }, NOTICE_KINDS)]),
  ];
}

function configured(name: string, input: unknown, events: readonly NoticeKind[]): Configured {
  const parsed = ChannelConfig.safeParse(input);
  if (!parsed.success) throw new ConfigError(`${name}: ${parsed.error.issues[0]?.message}`);
  return { name, config: parsed.data, events };
}

/** "a@example.org, Ops <b@example.org>" as two addresses. */
function addresses(list: string): string[] {
  return list.split(",").map((each) => /<([^<>]+)>\s*$/.exec(each)?.[1] ?? each.trim()).filter((each) => each !== "");
}
