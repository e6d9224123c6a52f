import { ConfigError, type Config } from "@safebase/runtime";
import type { Channel } from "./channel.ts";
import { createEmailChannel } from "./email.ts";
import { createWebhookChannel } from "./webhook.ts";

/** Every channel that the configuration asks for. */
export function configuredChannels({ smtp_url, mail_from, alert_email, alert_webhook_url }: Config): Channel[] {
  const channels: Channel[] = [];
  if (alert_email !== undefined) {
    if (smtp_url === undefined) throw new ConfigError("SAFEBASE_ALERT_EMAIL needs SAFEBASE_SMTP_URL, the server that sends the mails");
    channels.push(createEmailChannel({ smtp_url, from: mail_from, to: alert_email }));
  }
  if (alert_webhook_url !== undefined) channels.push(createWebhookChannel(alert_webhook_url));
  return channels;
}
