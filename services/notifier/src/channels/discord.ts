import type { Severity } from "@safebase/contracts";
import { fitLines } from "../fit.ts";
import { describeDigest, type Item, type Message } from "../message.ts";
import { escapeWithin } from "../text.ts";
import type { Channel, ChannelContext, Digest } from "./channel.ts";
import { createHttpChannel, jsonAt } from "./http-channel.ts";
import { SYMBOLS } from "./symbols.ts";

// Discord's limits, with some room: 256 for a title, 4096 for a description, 6000 for all
const MAX_TITLE = 250;
const MAX_SENTENCE = 1_000;
const MAX_LINES_TEXT = 4_000;
const MAX_FIELD = 250;
const COLORS: Record<Severity, number> = { info: 0x2e_a0_43, warning: 0xd2_99_22, critical: 0xcf_22_2e };

/** A webhook of a Discord channel. */
export function openDiscord({ url }: { url: string }, context: ChannelContext): Channel {
  return createHttpChannel({
    name: "Discord", url: new URL(url),
    message: (digest) => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(discordMessage(digest)) }),
    verdict({ text }) {
      const retry_after = jsonAt(text, "retry_after");
      return typeof retry_after === "number" ? { retry_after_s: retry_after } : undefined;
    },
  }, context);
}

export function discordMessage(digest: Digest) {
  const message = describeDigest(digest);
  const { heading, severity, test, items, link, words } = message;
  const [first] = items;
  const alone = items.length === 1 ? first : undefined;
  return {
    allowed_mentions: { parse: [] },
    embeds: [{
      title: escapeWithin(`${SYMBOLS[severity]} ${heading}`, MAX_TITLE, escapeDiscord),
      ...described(alone === undefined ? lines(message) : sentences(alone, message)),
      color: COLORS[severity],
      ...(link === undefined ? {} : { url: link.url }),
      fields: (alone?.fields ?? []).map(({ label, value }) => ({ name: label, value: escapeWithin(value, MAX_FIELD, escapeDiscord), inline: true })),
      footer: { text: [test, words.automatic].filter((each) => each !== undefined).join(" ") },
    }],
  };
}

/** Discord refuses an empty one. */
function described(description: string): { description?: string } {
  return description === "" ? {} : { description };
}

function sentences({ why, next }: Item, { words: { labels, colon } }: Message): string {
  return [[labels.why, why], [labels.next, next]]
    .flatMap(([label, text]) => (text === undefined ? [] : [`**${label}**${colon}${escapeWithin(text, MAX_SENTENCE, escapeDiscord)}`])).join("\n");
}

function lines(message: Message): string {
  return fitLines(message, { total: MAX_LINES_TEXT, cost: ({ length }) => length + 1 }, ({ severity }, line) => `${SYMBOLS[severity]} ${escapeDiscord(line)}`).join("\n");
}

/** Every sign of Markdown, of a mention and of an address is just that sign. */
function escapeDiscord(text: string): string {
  return text.replace(/[\\`*_~|<>#[\]()@:+-]/g, "\\$&");
}
