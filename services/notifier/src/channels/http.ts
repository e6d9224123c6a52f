import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { VERSION, type Targets } from "@safebase/runtime";
import { DeliveryError } from "./channel.ts";

export const STEP_LIMIT_MS = 15_000; // to connect, and to answer
export const LIMIT_MS = 45_000;
const BODY_LIMIT_MS = 3_000;
const MAX_BODY_BYTES = 8_192;

export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpResponse { readonly status: number; readonly headers: IncomingHttpHeaders; /** Its beginning. */ readonly text: string }

/**
 * Posts to the address, and to that alone: no redirect is followed, no proxy asked, and the address that is connected to
 * must be one of `targets`. Settles with whatever is answered; throws when nothing is.
 */
export async function post({ url, headers, body }: HttpRequest, targets: Targets, signal: AbortSignal): Promise<HttpResponse> {
  targets.checkHost(url.hostname); // an address is connected to without a lookup
  const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
    method: "POST", agent: false, lookup: targets.lookup, signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    headers: { "user-agent": `SafeBase/${VERSION}`, ...headers, "content-length": Buffer.byteLength(body) },
  });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const limit = (what: string) => setTimeout(() => request.destroy(new DeliveryError(`${url.host} ${what} within ${STEP_LIMIT_MS / 1000} s`)), STEP_LIMIT_MS);
  let timer = limit("could not be connected to");
  request.once("socket", (socket) => socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
    clearTimeout(timer);
    timer = limit("did not answer");
  }));
  request.on("error", reject).once("response", resolve).end(body);
  const response = await promise.finally(() => clearTimeout(timer));
  return { status: response.statusCode ?? 0, headers: response.headers, text: await beginning(response) };
}

/** What the answer begins with. Its status is known already: that the rest does not come, or is cut off, changes nothing. */
async function beginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size_bytes = 0;
  const timer = setTimeout(() => response.destroy(), BODY_LIMIT_MS);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size_bytes += chunk.length;
      if (size_bytes >= MAX_BODY_BYTES) break;
    }
  } catch {
    // cut off: see above
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString("utf8");
}
