import { createHash } from "node:crypto";
import type { Notice, SealedChannel } from "@safebase/contracts";
import type { Digest } from "./channels/channel.ts";

/**
 * What a channel is told in one message. Its id is made of the channel and the notices, so that a message that is sent
 * again, because nobody knows whether the first one arrived, can be recognized; with other company it is another one.
 */
export function digestOf(channel: SealedChannel, notices: readonly Notice[], public_url: string | undefined): Digest {
  const members = [channel.channel_id, ...notices.map(({ id }) => id).sort()];
  const id = createHash("sha256").update(members.join("\n")).digest("hex").slice(0, 32);
  const inOrder = notices.toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  return { id, notices: inOrder, test: false, language: channel.language, public_url };
}
