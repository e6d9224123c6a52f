import type { ErrorCode, Failure, JobEvent, VerifyResult } from "@safebase/contracts";

/** How a job ended. `found`: a test restore that came through, and whose findings made it a failure. */
export type Outcome =
  | { readonly status: "completed"; readonly result: Extract<JobEvent, { type: "completed" }>["result"] }
  | { readonly status: "failed"; readonly failure: Failure; readonly found?: VerifyResult }
  | { readonly status: "canceled"; readonly reason?: string };

/** What a record keeps of an end that was no success. */
export function failureColumns(outcome: Exclude<Outcome, { status: "completed" }>): { error_code?: ErrorCode; error_msg?: string; error_hint?: string | null } {
  if (outcome.status === "failed") {
    const { code, message, hint } = outcome.failure;
    return { error_code: code, error_msg: message, error_hint: hint ?? null };
  }
  return outcome.reason === undefined ? {} : { error_msg: outcome.reason };
}

/** What a job is about. */
export function subject(id: number | null): number {
  if (id === null) throw new Error("a job without its subject");
  return id;
}
