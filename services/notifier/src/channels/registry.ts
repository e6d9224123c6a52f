import type { ChannelConfig } from "@safebase/contracts";
import { ConfigError, type Config } from "@safebase/runtime";
import type { ConfiguredChannel } from "../delivery.ts";
import type { OpenChannel } from "./channel.ts";
import { openDiscord } from "./discord.ts";
import { openEmail } from "./email.ts";
import { openHealthchecks } from "./healthchecks.ts";
import { openNtfy } from "./ntfy.ts";
import { openSlack } from "./slack.ts";
import { openTeams } from "./teams.ts";
import { openTelegram } from "./telegram.ts";
import { openWebhook } from "./webhook.ts";

/** Opens a channel of any type. Throws `bad_request` when it cannot work as it is configured; nothing is connected to yet. */
export const openChannel: OpenChannel = (config, context) => {
  switch (config.type) {
    case "email": return openEmail(config, context);
    case "slack": return openSlack(config, context);
    case "discord": return openDiscord(config, context);
    case "teams": return openTeams(config, context);
    case "telegram": return openTelegram(config, context);
    case "ntfy": return openNtfy(config, context);
    case "webhook": return openWebhook(config, context);
    case "healthchecks": return openHealthchecks(config, context);
  }
};

export function configuredChannels({ smtp_url, mail_from, allowed_targets, alert_email, alert_webhook_url }: Config): ConfiguredChannel[] {
  const open = (name: string, config: ChannelConfig, wants: ConfiguredChannel["wants"]): ConfiguredChannel => {
    const channel = openChannel(config, { smtp_url, mail_from, allowed_targets, trusted: true });
    return { name, wants, deliver: async (notice, signal) => void await channel.deliver({ id: notice.id, notices: [notice], test: false, language: "en", public_url: undefined }, signal) };
  };
  if (alert_email !== undefined && smtp_url === undefined) throw new ConfigError("SAFEBASE_ALERT_EMAIL needs SAFEBASE_SMTP_URL, the server that sends the mails");
  return [
    ...(alert_email === undefined ? [] : [open("email", { type: "email", to: [alert_email] }, ({ error }) => error !== null)]),
    ...(alert_webhook_url === undefined ? [] : [open("webhook", { type: "webhook", url: alert_webhook_url }, () => true)]),
  ];
}
