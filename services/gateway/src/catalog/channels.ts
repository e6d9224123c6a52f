import type { Channel } from "./schema.ts";
import type { Db } from "./scope.ts";

/** Every channel that is told of things, whoever's. */
export async function enabledChannels(db: Db): Promise<Channel[]> {
  return db.selectFrom("channels").selectAll().where("enabled", "=", 1).orderBy("id").execute();
}
