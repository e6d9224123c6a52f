import { SafebaseError } from "@safebase/contracts";
import type { Log } from "@safebase/runtime";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";
import { ThrottledError } from "../auth/throttle.ts";
import { tellNarrowed } from "./admit.ts";
import type { Ctx } from "./context.ts";
import { sentenceOf } from "./sentence.ts";
import { HTTP_STATUS } from "./status.ts";

/** Any error as its answer: a sentence, a code, a hint. What is our own fault is logged, and told by a number only. */
export function answerError(log: Log, thrown: unknown, c: Ctx): Response {
  const request_id = c.get("request_id");
  const refused = known(thrown);
  const error = refused !== undefined && c.get("narrowed") === true ? tellNarrowed(refused) : refused;
  if (error === undefined || error.code === "internal") {
    log.error({ err: thrown, request_id, method: c.req.method, path: c.req.path }, "a request failed");
    return c.json({ error: "something went wrong on our side", code: "internal" as const, hint: `see the gateway's log for request ${request_id}` }, 500);
  }
  const status = HTTP_STATUS[error.code];
  if (status >= 500) log.warn({ err: error, request_id }, "a request could not be served");
  if (error instanceof ThrottledError) c.header("retry-after", String(error.retry_after_s));
  if (status === 401) c.header("www-authenticate", "Bearer");
  return c.json({ error: error.message, code: error.code, ...(error.hint === undefined ? {} : { hint: error.hint }) }, status);
}

function known(thrown: unknown): SafebaseError | undefined {
  if (thrown instanceof SafebaseError) return thrown;
  if (thrown instanceof HTTPException && thrown.status < 500) return new SafebaseError("bad_request", thrown.message, { cause: thrown });
  return undefined;
}

type Checked = { success: true } | { success: false; error: z.core.$ZodError };

/** What the validators of every route do with input that the schema refuses. */
export function refuseInvalid(result: Checked): void {
  if (result.success) return;
  const { data } = result as { data?: unknown }; // the input as it came: the validator passes it, its type does not say so
  throw new SafebaseError("bad_request", sentenceOf(result.error, data), { cause: result.error });
}
