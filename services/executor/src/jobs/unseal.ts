import type { Connection, SealedConnection } from "@safebase/contracts";
import { CONNECTION_CONTEXT, IDENTITY_CONTEXT, type Secrets } from "@safebase/runtime";

/** A connection with its password in the clear: for memory and 0600 files only. */
export function unseal(secrets: Secrets, { password_sealed, ...connection }: SealedConnection): Connection {
  return { ...connection, password: password_sealed === null ? null : secrets.open(password_sealed, CONNECTION_CONTEXT) };
}

/** age's identities in the clear: for memory and nameless files only. */
export function unsealIdentities(secrets: Secrets, sealed: string | null): string[] {
  return sealed === null ? [] : secrets.open(sealed, IDENTITY_CONTEXT).split("\n");
}
