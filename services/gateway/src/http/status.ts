import type { ErrorCode } from "@safebase/contracts";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** The one place where error codes become HTTP: what the caller got wrong, what stands against it, what failed beyond us. */
export const HTTP_STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  bad_request: 400, unauthorized: 401, forbidden: 403, not_found: 404, conflict: 409, gone: 410, too_large: 413, too_many_requests: 429,
  unreachable: 502, auth_failed: 502, tls_failed: 502, database_missing: 502, insufficient_privileges: 502, server_unsupported: 502,
  client_missing: 503, dump_failed: 502, restore_failed: 502, incomplete_dump: 502, verification_failed: 502,
  artifact_missing: 410, artifact_damaged: 500, identity_needed: 409, exists: 409, storage_full: 507, storage_failed: 503, storage_refused: 502,
  canceled: 409, time_limit: 504, stalled: 504, lease_lost: 409, gave_up: 500, no_executor: 503, target_busy: 409,
  internal: 500,
};
