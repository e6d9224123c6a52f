import type { Db } from "./scope.ts";

/** Notes that an account was used from a place. `first`: never before from anywhere; `new`: never before from there. */
export async function notePlace(db: Db, userId: number, place: string, at: string): Promise<"first" | "new" | "known"> {
  const seen = await db.selectFrom("known_places").select("place").where("user_id", "=", userId).limit(1).executeTakeFirst();
  const added = await db.insertInto("known_places").values({ user_id: userId, place, first_seen_at: at, last_seen_at: at })
    .onConflict((conflict) => conflict.columns(["user_id", "place"]).doNothing()).returning("place").executeTakeFirst();
  if (added !== undefined) return seen === undefined ? "first" : "new";
  await db.updateTable("known_places").set({ last_seen_at: at }).where("user_id", "=", userId).where("place", "=", place).execute();
  return "known";
}
