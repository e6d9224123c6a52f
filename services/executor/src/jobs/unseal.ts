import type { Connection, SealedConnection } from "@safebase/contracts";
import { CONNECTION_CONTEXT, type Secrets } from "@safebase/runtime";

/** A connection with its password in the clear: for memory and 0600 files only. */
export function unseal(secrets: Secrets, { password_sealed, ...connection }: SealedConnection): Connection {
  return { ...connection, password: password_sealed === null ? null : secrets.open(password_sealed, CONNECTION_CONTEXT) };
}
