import type { StorageRef } from "@safebase/contracts";
import type { Db } from "./scope.ts";

/** The storages that are no ordinary user's own: the local one, shared ones and those of admins. */
export async function storagesForAll(db: Db): Promise<StorageRef[]> {
  return db.selectFrom("storages").leftJoin("users", "users.id", "storages.user_id").select(["storages.name", "storages.config_sealed"])
    .where((eb) => eb.or([eb("storages.shared", "=", 1), eb("storages.user_id", "is", null), eb("users.role", "=", "admin")]))
    .orderBy("storages.id").execute();
}
