import type { StorageStatus } from "./schema.ts";
import type { Db } from "./scope.ts";

/** How full every storage was when an executor of its group was last asked. */
export async function listStorageStatus(db: Db): Promise<StorageStatus[]> {
  return db.selectFrom("storage_status").selectAll().orderBy("executor_group").orderBy("storage").execute();
}

export async function putStorageStatus(db: Db, status: StorageStatus): Promise<void> {
  const { storage, executor_group, ...found } = status;
  await db.insertInto("storage_status").values({ storage, executor_group, ...found })
    .onConflict((conflict) => conflict.columns(["storage", "executor_group"]).doUpdateSet(found)).execute();
}
