import type { Db } from "./scope.ts";
import type { StorageRow } from "./storages-schema.ts";

/** The storages that are no ordinary user's own: the local one, shared ones and those of admins. */
export async function storagesForAll(db: Db): Promise<Pick<StorageRow, "name" | "type" | "target" | "config_sealed">[]> {
  return db.selectFrom("storages").leftJoin("users", "users.id", "storages.user_id")
    .select(["storages.name", "storages.type", "storages.target", "storages.config_sealed"])
    .where((eb) => eb.or([eb("storages.shared", "=", 1), eb("storages.user_id", "is", null), eb("users.role", "=", "admin")]))
    .orderBy("storages.id").execute();
}
