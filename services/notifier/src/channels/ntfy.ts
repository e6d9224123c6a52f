import type { Severity } from "@safebase/contracts";
import { fitLines } from "../fit.ts";
import { describeDigest, type Message } from "../message.ts";
import { rowsOf } from "../message-text.ts";
import { shorten } from "../text.ts";
import type { Channel, ChannelContext, Digest } from "./channel.ts";
import { createHttpChannel } from "./http-channel.ts";
import { SYMBOLS } from "./symbols.ts";

/** What is longer than 4096 bytes, ntfy makes a file of. */
const MAX_LINES_BYTES = 3_700;
const MAX_TITLE = 200;
const MAX_SENTENCE = 300;
const MAX_FIELD = 80;
const PRIORITIES: Record<Severity, number> = { info: 2, warning: 4, critical: 5 };
const TAGS: Record<Severity, string> = { info: "white_check_mark", warning: "warning", critical: "rotating_light" };

/** A topic of ntfy.sh, or of a server of one's own. */
export function openNtfy({ url, topic, token }: { url: string; topic: string; token?: string | undefined }, context: ChannelContext): Channel {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createHttpChannel({
    name: "ntfy", url: new URL(url), secrets: token === undefined ? [] : [token],
    message: (digest) => ({ headers: { "content-type": "application/json", ...authorization }, body: JSON.stringify({ topic, ...ntfyMessage(digest) }) }),
  }, context);
}

export function ntfyMessage(digest: Digest) {
  const message = describeDigest(digest);
  const { heading, severity, test, link } = message;
  return {
    title: shorten(heading, MAX_TITLE),
    message: [...(test === undefined ? [] : [test]), ...body(message)].join("\n"),
    priority: PRIORITIES[severity], tags: [TAGS[severity]], ...(link === undefined ? {} : { click: link.url }),
  };
}

function body(message: Message): string[] {
  const { items, words } = message;
  const [first] = items;
  if (items.length === 1 && first !== undefined) {
    return rowsOf(first, message).map(({ label, value }) =>
      `${label}${words.colon}${shorten(value, value === first.why || value === first.next ? MAX_SENTENCE : MAX_FIELD)}`);
  }
  return fitLines(message, { total: MAX_LINES_BYTES, cost: (line) => Buffer.byteLength(line) + 1 }, ({ severity }, line) => `${SYMBOLS[severity]} ${line}`);
}
