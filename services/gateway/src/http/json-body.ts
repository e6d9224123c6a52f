import { SafebaseError } from "@safebase/contracts";
import type { MiddlewareHandler } from "hono";

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;

/**
 * Refuses a body that is not JSON before any schema sees it, and says where it stops being JSON. An empty body is an
 * empty object: some clients announce JSON and send nothing where a body is optional.
 */
export const jsonBody: MiddlewareHandler = async (c, next) => {
  if (c.req.method === "GET" || c.req.method === "HEAD" || c.req.raw.body === null) return next();
  const text = await c.req.text();
  if (text === "") {
    c.req.bodyCache.text = "{}";
    return next();
  }
  const type = c.req.header("content-type");
  if (!JSON_TYPE.test((type ?? "").split(";")[0]?.trim().toLowerCase() ?? "")) {
    throw new SafebaseError("bad_request", `the body must be sent as application/json, got ${type === undefined ? "no content type" : JSON.stringify(type.slice(0, 60))}`);
  }
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new SafebaseError("bad_request", `malformed JSON at ${placeOf(cause, text)}`, { cause });
  }
  return next();
};

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
