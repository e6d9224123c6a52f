import { ANY_TARGET, createTargets } from "@safebase/runtime";
import { oneLine, shorten } from "../text.ts";
import { DeliveryError, type Channel, type ChannelContext, type Digest } from "./channel.ts";
import { post, type HttpResponse } from "./http.ts";
import { connectionProblem } from "./problem.ts";
import { decoded, scrub, secretsOf } from "./secrets.ts";

const MAX_ANSWER = 200;
const MAX_RETRY_AFTER_MS = 24 * 3600_000;
/** Would come again at another time: too early, too slow, too often. */
const PASSING_STATUSES = [408, 425, 429];

/** What one service wants to be sent, and how it says no. */
export interface HttpService {
  /** As a sentence calls it: "Slack". */
  readonly name: string;
  readonly url: URL;
  /** What must not be repeated, besides the address. */
  readonly secrets?: readonly string[];
  message(digest: Digest): HttpMessage;
  /** What the answer says beyond its status; undefined when it says nothing. */
  verdict?(this: void, response: HttpResponse): Verdict | undefined;
}

export interface HttpMessage { readonly url?: URL; readonly headers: Readonly<Record<string, string>>; readonly body: string }

export interface Verdict { /** Why it was not taken, although the status may be 200. */ readonly error?: string | undefined; readonly retry_after_s?: number | undefined }

/** What the answer holds at this place, when it is JSON and does. */
export function jsonAt(text: string, ...path: readonly string[]): unknown {
  try {
    return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], JSON.parse(text));
  } catch {
    return undefined; // not JSON
  }
}

/** A channel of a service that is told by HTTP POST. */
export function createHttpChannel(service: HttpService, { trusted, allowed_targets }: ChannelContext): Channel {
  const targets = trusted ? ANY_TARGET : createTargets(allowed_targets);
  const authorization = basicAuthorization(service.url);
  const secrets = [...secretsOf(service.url), ...(service.secrets ?? []), ...Object.values(authorization).map((value) => value.slice("Basic ".length))];
  return {
    async deliver(digest, signal) {
      const { url = service.url, headers, body } = service.message(digest);
      const response = await post({ url: withoutCredentials(url), headers: { ...authorization, ...headers }, body }, targets, signal)
        .catch((error: unknown) => { throw connectionProblem(error, url.host, signal); });
      return judge(service, { ...response, text: scrub(response.text, secrets) });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** What was answered, when it means that the message was taken. */
function judge({ name, verdict }: HttpService, response: HttpResponse): string {
  const { status, text } = response;
  const said = shorten(oneLine(text), MAX_ANSWER);
  const answer = `HTTP ${status}${said === "" ? "" : ` ${said}`}`;
  const { error, retry_after_s } = verdict?.(response) ?? {};
  if (status >= 200 && status < 300 && error === undefined) return answer;
  if (status >= 300 && status < 400) throw new DeliveryError(`${name} answered with a redirect, which is not followed: HTTP ${status}`, { permanent: true });
  throw new DeliveryError(`${name} did not take the message: ${error === undefined ? answer : `HTTP ${status} ${shorten(oneLine(error), MAX_ANSWER)}`}`, {
    code: status === 401 || status === 403 ? "auth_failed" : "unreachable",
    permanent: status >= 400 && status < 500 && !PASSING_STATUSES.includes(status),
    retry_after_ms: status === 429 || status === 503 || retry_after_s !== undefined ? retryAfter(response, retry_after_s) : undefined,
  });
}

/** `Retry-After` in seconds or as a date; else what the body says. */
function retryAfter({ headers }: HttpResponse, fallback_s: number | undefined): number | undefined {
  const given = headers["retry-after"];
  const seconds = given === undefined ? fallback_s : /^\d+(\.\d+)?$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000;
  if (seconds === undefined || Number.isNaN(seconds)) return undefined;
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(0, Math.ceil(seconds * 1000)));
}

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  return { authorization: `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64")}` };
}

function withoutCredentials(given: URL): URL {
  const url = new URL(given);
  url.username = url.password = "";
  url.hash = "";
  return url;
}
