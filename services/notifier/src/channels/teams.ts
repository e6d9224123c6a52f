import type { Severity } from "@safebase/contracts";
import { fitLines } from "../fit.ts";
import { describeDigest, type Item, type Message } from "../message.ts";
import { rowsOf } from "../message-text.ts";
import { shorten } from "../text.ts";
import type { Channel, ChannelContext, Digest } from "./channel.ts";
import { createHttpChannel } from "./http-channel.ts";
import { SYMBOLS } from "./symbols.ts";

/** Of the 28 KB that Teams takes, for the lines; a line costs its JSON as well. */
const MAX_LINES_BYTES = 22_000;
const MAX_VALUE = 1_000;
const COLORS: Record<Severity, string> = { info: "Good", warning: "Warning", critical: "Attention" };

/** A webhook of Teams as Workflows makes them ("Post to a channel when a webhook request is received"). */
export function openTeams({ url }: { url: string }, context: ChannelContext): Channel {
  return createHttpChannel({
    name: "Teams", url: new URL(url),
    message: (digest) => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(teamsMessage(digest)) }),
    // Teams' older connectors tell of a failure with a status of 200.
    verdict: ({ text }) => (text.startsWith("Webhook message delivery failed") ? { error: text } : undefined),
  }, context);
}

/** A card of rich text blocks: unlike text blocks they know no Markdown. */
export function teamsMessage(digest: Digest) {
  const message = describeDigest(digest);
  const { heading, severity, test, items, link, words } = message;
  const [first] = items;
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json", type: "AdaptiveCard", version: "1.4", msteams: { width: "Full" },
    body: [
      block(run(`${SYMBOLS[severity]} ${heading}`, { size: "Large", weight: "Bolder", color: COLORS[severity] })),
      ...(test === undefined ? [] : [block(run(test, { weight: "Bolder" }))]),
      ...(items.length === 1 && first !== undefined ? single(first, message) : lines(message).map((line) => block(run(line)))),
      block(run(words.automatic, { size: "Small", isSubtle: true })),
    ],
    ...(link === undefined ? {} : { actions: [{ type: "Action.OpenUrl", title: link.label, url: link.url }] }),
  };
  return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content }] };
}

function single(item: Item, message: Message): object[] {
  return rowsOf(item, message).map(({ label, value }) => block(run(`${label}${message.words.colon}`, { weight: "Bolder" }), run(shorten(value, MAX_VALUE))));
}

function lines(message: Message): string[] {
  const cost = (line: string): number => Buffer.byteLength(JSON.stringify(block(run(line)))) + 1;
  return fitLines(message, { total: MAX_LINES_BYTES, cost }, ({ severity }, line) => `${SYMBOLS[severity]} ${line}`);
}

function block(...inlines: object[]): object {
  return { type: "RichTextBlock", inlines };
}

/** `{{DATE(…)}}` is the one thing that a card reads in a text: the braces are kept apart. */
function run(text: string, style: Record<string, string | boolean> = {}): object {
  return { type: "TextRun", text: text.replace(/\{(?=\{)/g, "{\u200B"), ...style };
}
