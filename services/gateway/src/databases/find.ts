import { SafebaseError } from "@safebase/contracts";
import { findDatabase } from "../catalog/databases.ts";
import type { Database } from "../catalog/schema.ts";
import type { Actor, Core } from "../jobs/deps.ts";

/** The database of that id if it is the actor's to see; anybody else's is as missing as none. */
export async function requireDatabase(deps: Pick<Core, "db">, actor: Actor, id: number): Promise<Database> {
  const row = await findDatabase(deps.db, id, actor.scope);
  if (row === undefined) throw noSuchDatabase();
  return row;
}

export function noSuchDatabase(): SafebaseError {
  return new SafebaseError("not_found", "there is no such database");
}
