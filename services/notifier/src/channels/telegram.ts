import { fitLines } from "../fit.ts";
import { describeDigest, type Item, type Message } from "../message.ts";
import { rowsOf } from "../message-text.ts";
import { escapeHtml, escapeWithin } from "../text.ts";
import type { Channel, ChannelContext, Digest } from "./channel.ts";
import { createHttpChannel, jsonAt } from "./http-channel.ts";
import { SYMBOLS } from "./symbols.ts";

/** Telegram takes 4096 characters; with the tags counted we stay below in any case. */
const MAX_LINES_TEXT = 3_450;
const MAX_ABOUT = 250;
const MAX_SENTENCE = 700;
const MAX_FIELD = 150;

/** A bot of Telegram that writes to a chat. Its token stands in the path, so no path is ever repeated. */
export function openTelegram({ bot_token, chat_id, api_url }: { bot_token: string; chat_id: string; api_url: string }, context: ChannelContext): Channel {
  const url = new URL(api_url);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/bot${encodeURI(bot_token).replace(/[?#/]/g, encodeURIComponent)}/sendMessage`;
  return createHttpChannel({
    name: "Telegram", url, secrets: [bot_token],
    message: (digest) => ({ headers: { "content-type": "application/json" }, body: JSON.stringify({ chat_id, ...telegramMessage(digest) }) }),
    verdict({ text }) {
      const retry_after = jsonAt(text, "parameters", "retry_after");
      return {
        error: jsonAt(text, "ok") === false ? text : undefined,
        retry_after_s: typeof retry_after === "number" ? retry_after : undefined,
      };
    },
  }, context);
}

export function telegramMessage(digest: Digest) {
  const message = describeDigest(digest);
  const { heading, severity, test, items, link, words } = message;
  const [first] = items;
  const alone = items.length === 1 ? first : undefined;
  const text = [
    `${SYMBOLS[severity]} <b>${escapeHtml(alone?.what ?? heading)}</b>${alone?.about === undefined ? "" : `${words.colon}${code(alone.about, MAX_ABOUT)}`}`,
    ...(test === undefined ? [] : [escapeHtml(test)]),
    ...(alone === undefined ? lines(message) : single(alone, message)),
    ...(link === undefined || link.url.length > MAX_FIELD ? [] : [`<a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a>`]),
  ].join("\n");
  return { text, parse_mode: "HTML", link_preview_options: { is_disabled: true } };
}

function single(item: Item, message: Message): string[] {
  const { words: { colon } } = message;
  return rowsOf(item, message).map(({ label, value }) =>
    `${escapeHtml(label)}${colon}${code(value, value === item.why || value === item.next ? MAX_SENTENCE : MAX_FIELD)}`);
}

function lines(message: Message): string[] {
  return fitLines(message, { total: MAX_LINES_TEXT, cost: ({ length }) => length + 1 }, ({ severity }, line) => `${SYMBOLS[severity]} <code>${escapeHtml(line)}</code>`);
}

/** In `code`, Telegram makes no links, mentions, commands or hashtags of what it finds. */
function code(text: string, room: number): string {
  return `<code>${escapeWithin(text, room, escapeHtml)}</code>`;
}
