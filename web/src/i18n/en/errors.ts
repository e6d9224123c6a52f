import type { ErrorCode } from "@safebase/contracts";

export const errors = {
  load: "This could not be loaded",
  notFoundTitle: "There is no such page", notFoundText: "The address may be mistyped, or what it showed is gone.", home: "To the dashboard",
  codes: {
    offline: "SafeBase cannot be reached", bad_request: "Something in the input is not right", unauthorized: "You are not logged in", forbidden: "You may not do that", not_found: "It does not exist",
    conflict: "Something stands against it at the moment", gone: "It is gone", too_large: "It is too large", too_many_requests: "Too many tries. Wait a moment", unreachable: "The server cannot be reached",
    auth_failed: "The server refuses this user or password", tls_failed: "No secure connection to the server", database_missing: "The server has no such database", insufficient_privileges: "The user's rights do not suffice",
    server_unsupported: "This server version is not supported", client_missing: "A program that is needed is not installed", dump_failed: "The dump failed", restore_failed: "The restore failed", incomplete_dump: "The dump was incomplete",
    verification_failed: "The test restore failed", artifact_missing: "The stored backup is missing", artifact_damaged: "The stored backup is damaged", identity_needed: "The key to open it is needed", exists: "It exists already",
    storage_full: "The storage is full", storage_failed: "The storage failed", storage_refused: "The storage refused", canceled: "It was canceled", time_limit: "It took too long", stalled: "It stood still for too long",
    lease_lost: "Its executor was lost", gave_up: "It was given up after several tries", no_executor: "No executor is there to do it", target_busy: "The target is in use", internal: "Something went wrong on our side",
  } satisfies Record<ErrorCode | "offline", string>,
};
