import type { Failure } from "@safebase/contracts";
import type { StorageStatus } from "./schema.ts";
import type { Db } from "./scope.ts";

/** How full every storage was when an executor of its group was last asked. */
export async function listStorageStatus(db: Db): Promise<StorageStatus[]> {
  return db.selectFrom("storage_status").selectAll().orderBy("executor_group").orderBy("storage").execute();
}

type Key = Pick<StorageStatus, "storage" | "executor_group">;
export type StorageRoom = Pick<StorageStatus, "used_bytes" | "free_bytes" | "total_bytes">;

/** Notes what was found in a storage that was reached. */
export async function putStorageStatus(db: Db, key: Key, room: StorageRoom, checked_at: string): Promise<void> {
  await put(db, key, { ...room, checked_at, error_code: null, error_msg: null, error_hint: null });
}

/** Notes why one could not be reached; what was found there before stays known. */
export async function putStorageFailure(db: Db, key: Key, { code, message, hint }: Failure, checked_at: string): Promise<void> {
  await put(db, key, { checked_at, error_code: code, error_msg: message, error_hint: hint ?? null });
}

async function put(db: Db, key: Key, found: Partial<StorageStatus> & Pick<StorageStatus, "checked_at">): Promise<void> {
  await db.insertInto("storage_status").values({ ...key, used_bytes: null, free_bytes: null, total_bytes: null, ...found })
    .onConflict((conflict) => conflict.columns(["storage", "executor_group"]).doUpdateSet(found)).execute();
}
