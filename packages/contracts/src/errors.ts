/**
 * The closed union of error codes. Each maps to an HTTP status once, at the gateway's edge, and travels as it is
 * in events. `internal` is the only one whose sentence is not written for a user.
 */
export const ERROR_CODES = [
  // The request
  "bad_request", "unauthorized", "forbidden", "not_found", "conflict", "gone", "too_large", "too_many_requests",
  // The registered server
  "unreachable", "auth_failed", "tls_failed", "database_missing", "insufficient_privileges", "server_unsupported",
  // The native programs
  "client_missing", "dump_failed", "restore_failed", "incomplete_dump", "verification_failed",
  // The artifact and its storage
  "artifact_missing", "artifact_damaged", "identity_needed", "exists", "storage_full", "storage_failed", "storage_refused",
  // The job
  "canceled", "time_limit", "stalled", "lease_lost", "gave_up", "no_executor", "target_busy",
  "internal",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A sentence for the user, a code for programs, a hint where the user can act; the cause stays on our side. */
export class SafebaseError extends Error {
  override readonly name = "SafebaseError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** The error as it is when it is ours, else `internal` with the original as its cause. */
export function asSafebaseError(error: unknown): SafebaseError {
  if (error instanceof SafebaseError) return error;
  return new SafebaseError("internal", error instanceof Error ? error.message : String(error), { cause: error });
}
