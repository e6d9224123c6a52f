import { createHmac } from "node:crypto";
import { describeDigest } from "../message.ts";
import type { Channel, ChannelContext, Digest } from "./channel.ts";
import { createHttpChannel } from "./http-channel.ts";

/** Any address that takes JSON, in the format of docs/channels.md. */
export function openWebhook({ url, secret }: { url: string; secret?: string | undefined }, context: ChannelContext): Channel {
  return createHttpChannel({
    name: "the webhook", url: new URL(url), secrets: secret === undefined ? [] : [secret],
    message(digest) {
      const body = JSON.stringify(webhookMessage(digest));
      const signature: Record<string, string> = secret === undefined ? {} : { "safebase-signature": sign(body, secret, Math.floor(Date.now() / 1000)) };
      return { headers: { "content-type": "application/json", "safebase-delivery-id": headerValue(digest.id), ...signature }, body };
    },
  }, context);
}

/** The same for one notice and for many. */
function webhookMessage(digest: Digest) {
  const { id, test, notices, public_url } = digest;
  const { heading, severity } = describeDigest(digest);
  return { version: 1, delivery_id: id, test, severity, text: heading, public_url: public_url ?? null, notices };
}

/** Who knows the secret knows by this that we sent the body, and when: an old one that is sent again shows. */
function sign(body: string, secret: string, now_s: number): string {
  return `t=${now_s},v1=${createHmac("sha256", secret).update(`${now_s}.${body}`).digest("hex")}`;
}

function headerValue(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, "-");
}
