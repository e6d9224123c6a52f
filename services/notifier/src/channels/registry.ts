import { SafebaseError } from "@safebase/contracts";
import { ConfigError, type Config } from "@safebase/runtime";
import type { ConfiguredChannel } from "../delivery.ts";
import type { OpenChannel } from "./channel.ts";
import { createEmailChannel } from "./email.ts";
import { createWebhookChannel } from "./webhook.ts";

/** Every channel that the configuration asks for. */
export function configuredChannels({ smtp_url, mail_from, alert_email, alert_webhook_url }: Config): ConfiguredChannel[] {
  const channels: ConfiguredChannel[] = [];
  if (alert_email !== undefined) {
    if (smtp_url === undefined) throw new ConfigError("SAFEBASE_ALERT_EMAIL needs SAFEBASE_SMTP_URL, the server that sends the mails");
    channels.push(createEmailChannel({ smtp_url, from: mail_from, to: alert_email }));
  }
  if (alert_webhook_url !== undefined) channels.push(createWebhookChannel(alert_webhook_url));
  return channels;
}

export const openChannel: OpenChannel = ({ type }) => { throw new SafebaseError("internal", `channels of the type ${type} cannot be opened yet`); };
