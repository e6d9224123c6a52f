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
