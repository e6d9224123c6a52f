import { SafebaseError } from "@safebase/contracts";
import type { MiddlewareHandler } from "hono";
import type { Env } from "./context.ts";

export const MAX_BODY_BYTES = 1024 * 1024;
const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;

/**
 * Reads the body and refuses what is too large or not JSON before any schema sees it; says where it stops being JSON.
 * An empty body is an empty object: some clients announce JSON and send nothing where a body is optional.
 */
export const jsonBody: MiddlewareHandler<Env> = async (c, next) => {
  if (c.req.method === "GET" || c.req.method === "HEAD") return next();
  const text = await readText(c.req.raw);
  if (text !== "") check(text, c.req.header("content-type"));
  const announced = c.req.header("content-type") !== undefined; // where neither is, a body may be missing
  // Where the validators look for it. Their type says string, they await a promise.
  c.req.bodyCache.text = Promise.resolve(text === "" && announced ? "{}" : text) as unknown as string;
  return next();
};

/** Hono's own body limit makes a new Request, which the Node server's light one cannot become. */
async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size_bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size_bytes += chunk.length;
    if (size_bytes > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new SafebaseError("bad_request", "the body is not valid UTF-8", { cause });
  }
}

function tooLarge(): SafebaseError {
  return new SafebaseError("too_large", "the body is larger than 1 MiB");
}

function check(text: string, type: string | undefined): void {
  if (!JSON_TYPE.test((type ?? "").split(";")[0]?.trim().toLowerCase() ?? "")) {
    throw new SafebaseError("bad_request", `the body must be sent as application/json, got ${type === undefined ? "no content type" : JSON.stringify(type.slice(0, 60))}`);
  }
  try {
    JSON.parse(text, refuseNul);
  } catch (cause) {
    if (cause instanceof SafebaseError) throw cause;
    throw new SafebaseError("bad_request", `malformed JSON at ${placeOf(cause, text)}`, { cause });
  }
}

/** No name, password or address can hold it, and PostgreSQL cannot store it. */
function refuseNul(key: string, value: unknown): unknown {
  if (typeof value !== "string" || !value.includes("\0")) return value;
  throw new SafebaseError("bad_request", `${/^\d*$/.test(key) ? "the body" : key.slice(0, 60)} must not hold the character NUL (U+0000)`);
}

/** V8 names the offset of most faults; for an unexpected token it does not, and there the shortest faulty prefix tells. */
function placeOf(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : "";
  const named = /at position (\d+)/.exec(message)?.[1];
  const offset = named !== undefined ? Number(named) : message.startsWith("Unexpected token") ? tokenOffset(text) : text.length;
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function tokenOffset(text: string): number {
  let good = 0, faulty = text.length;
  while (faulty - good > 1) {
    const middle = (good + faulty) >> 1;
    if (hasUnexpectedToken(text.slice(0, middle))) faulty = middle;
    else good = middle;
  }
  return faulty - 1;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.startsWith("Unexpected token");
  }
}
