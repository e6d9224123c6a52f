import type { EncryptionKey } from "../catalog/encryption-keys.ts";

/** A key as the API shows it: whether its identity is kept here, never which. */
export type KeyView = ReturnType<typeof keyView>;

export function keyView(row: EncryptionKey) {
  return {
    id: row.id, user_id: row.user_id, name: row.name, recipient: row.recipient, identity_kept: row.identity_sealed !== null,
    identity_given_at: row.identity_given_at, created_at: row.created_at, retired_at: row.retired_at,
  };
}
