import type { Db } from "./scope.ts";

/** A setting of the whole installation; undefined when it was never made. */
export async function findSetting(db: Db, key: string): Promise<string | undefined> {
  return (await db.selectFrom("settings").select("value").where("key", "=", key).executeTakeFirst())?.value;
}

export async function putSetting(db: Db, key: string, value: string, at: string): Promise<void> {
  await db.insertInto("settings").values({ key, value, updated_at: at })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value, updated_at: at })).execute();
}
