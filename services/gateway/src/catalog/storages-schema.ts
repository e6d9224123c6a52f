import type { CopyState } from "@safebase/contracts";
import type { CheckedStorageConfig } from "@safebase/storage";
import type { Generated, Insertable, Selectable } from "kysely";

/** A place for artifacts. The local one, of every installation, is nobody's and has no config. */
export interface StoragesTable {
  id: Generated<number>;
  user_id: number | null;
  /** By it everything means the storage; it never changes. */
  name: string;
  type: CheckedStorageConfig["type"];
  /** Where it leads, as it may be shown. */
  target: string;
  config_sealed: string | null;
  /** 1: every user may store there. */
  shared: Generated<number>;
  /** What everything that goes there is encrypted to, whatever its database says. */
  encryption_key_id: Generated<number | null>;
  created_at: string;
  updated_at: string;
}

/** A backup in one storage: where it is to be, and what is known of it there. */
export interface CopiesTable {
  id: Generated<number>;
  backup_id: number;
  storage: string;
  /** `pending` until the backup is over. */
  state: "pending" | CopyState;
  /** Why it is not good, in a sentence. */
  detail: string | null;
  checked_at: string | null;
  created_at: string;
  updated_at: string;
  /** Asked to go: hidden at once, forgotten when it has gone from its storage. */
  deleted_at: Generated<string | null>;
}

export type StorageRow = Selectable<StoragesTable>;
export type NewStorage = Insertable<StoragesTable>;
export type Copy = Selectable<CopiesTable>;
