import { fitLines } from "../fit.ts";
import { describeDigest, type Item, type Message } from "../message.ts";
import { escapeWithin } from "../text.ts";
import type { ChannelContext, Channel, Digest } from "./channel.ts";
import { createHttpChannel } from "./http-channel.ts";
import { SYMBOLS } from "./symbols.ts";

// Slack's limits, with some room
const MAX_HEADER = 150;
const MAX_TEXT = 2_900;
const MAX_FIELD = 1_900;
const MAX_FIELDS = 10;
/** Of lines, in sections of MAX_TEXT each: far below the 50 blocks of a message. */
const MAX_LINES_TEXT = 28_000;

/** An incoming webhook of Slack, or of what understands the same: Mattermost, Rocket.Chat. */
export function openSlack({ url }: { url: string }, context: ChannelContext): Channel {
  return createHttpChannel({
    name: "Slack", url: new URL(url),
    message: (digest) => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(slackMessage(digest)) }),
  }, context);
}

/** All of it `plain_text`, where nothing is markup, a mention or an emoji; `text` is what a notification shows. */
export function slackMessage(digest: Digest) {
  const message = describeDigest(digest);
  const { heading, severity, test, items, link, words } = message;
  const [first] = items;
  const footer = [test, words.automatic].filter((each) => each !== undefined).join(" ");
  return {
    text: escapeWithin(`${SYMBOLS[severity]} ${heading}`, MAX_TEXT, escapeSlack),
    unfurl_links: false, unfurl_media: false,
    blocks: [
      { type: "header", text: plain(`${SYMBOLS[severity]} ${heading}`, MAX_HEADER) },
      ...(items.length === 1 && first !== undefined ? single(first, message) : sections(message)),
      ...(link === undefined ? [] : [{ type: "actions", elements: [{ type: "button", text: plain(link.label, 70), url: link.url }] }]),
      { type: "context", elements: [plain(footer, MAX_FIELD)] },
    ],
  };
}

function single({ why, next, fields }: Item, { words: { labels, colon } }: Message): object[] {
  const sentences = [[labels.why, why], [labels.next, next]].flatMap(([label, text]) => (text === undefined ? [] : [`${label}${colon}${text}`]));
  return [
    ...sentences.map((sentence) => ({ type: "section", text: plain(sentence, MAX_TEXT) })),
    { type: "section", fields: fields.slice(0, MAX_FIELDS).map(({ label, value }) => plain(`${label}\n${value}`, MAX_FIELD)) },
  ];
}

/** The lines, as many to a section as have room. */
function sections(message: Message): object[] {
  const cost = (line: string): number => escapeSlack(line).length + 1;
  const lines = fitLines(message, { total: MAX_LINES_TEXT, cost }, ({ severity }, line) => `${SYMBOLS[severity]} ${line}`);
  const texts: string[] = [];
  for (const line of lines) {
    const joined = texts.length === 0 ? line : `${texts.at(-1)}\n${line}`;
    if (texts.length > 0 && cost(joined) <= MAX_TEXT) texts[texts.length - 1] = joined;
    else texts.push(line);
  }
  return texts.map((text) => ({ type: "section", text: plain(text, MAX_TEXT) }));
}

function plain(text: string, max: number) {
  return { type: "plain_text", text: escapeWithin(text, max, escapeSlack), emoji: false };
}

function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
