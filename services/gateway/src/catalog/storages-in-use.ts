import { LOCAL_STORAGE, type StorageRef } from "@safebase/contracts";
import type { Db } from "./scope.ts";

/** The storages of one group of executors: the local one, those that its databases and their schedules name, and those in which backups of them lie. */
export interface GroupStorages { readonly group: string; readonly storages: StorageRef[] }

/** Of every group that somebody's databases need. `defaults` are the storages of those that name none. */
export async function storagesInUse(db: Db, defaults: readonly string[]): Promise<GroupStorages[]> {
  const databases = await db.selectFrom("databases").select(["executor_group", "storages"]).distinct().where("deleted_at", "is", null).execute();
  const schedules = await db.selectFrom("schedules").innerJoin("databases", "databases.id", "schedules.database_id").select(["databases.executor_group", "schedules.storages"]).distinct()
    .where("databases.deleted_at", "is", null).where("schedules.storages", "is not", null).execute();
  const copies = await db.selectFrom("copies").innerJoin("backups", "backups.id", "copies.backup_id").innerJoin("databases", "databases.id", "backups.database_id")
    .select(["databases.executor_group", "copies.storage"]).distinct().where("copies.state", "!=", "missing").execute();
  const rows = await db.selectFrom("storages").select(["name", "config_sealed"]).orderBy("id").execute();
  const named = (storages: string | null): readonly string[] => (storages === null ? defaults : JSON.parse(storages) as string[]);
  return [...new Set(databases.map(({ executor_group }) => executor_group))].sort().map((group) => {
    const names = new Set([LOCAL_STORAGE,
      ...[...databases, ...schedules].filter(({ executor_group }) => executor_group === group).flatMap(({ storages }) => named(storages)),
      ...copies.filter(({ executor_group }) => executor_group === group).map(({ storage }) => storage)]);
    return { group, storages: rows.filter(({ name }) => names.has(name)) };
  });
}
