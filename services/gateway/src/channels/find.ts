import { SafebaseError } from "@safebase/contracts";
import { findChannel, lockChannel } from "../catalog/channels.ts";
import type { Channel } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";

/** The channel of that id if it is the actor's to see; anybody else's is as missing as none. */
export async function requireChannel(db: Db, actor: Pick<Actor, "scope">, id: number): Promise<Channel> {
  const row = await findChannel(db, id, actor.scope);
  if (row === undefined) throw missing("channel", id);
  return row;
}

/** The same to change it, until the end of the transaction. Those of the configuration are changed there. */
export async function lockOwnChannel(tx: Db, actor: Pick<Actor, "scope">, id: number): Promise<Channel & { user_id: number }> {
  const row = await lockChannel(tx, id, actor.scope);
  if (row === undefined) throw missing("channel", id);
  const { user_id } = row;
  if (user_id !== null) return { ...row, user_id };
  throw new SafebaseError("conflict", `channel ${id} belongs to the configuration`, { hint: `change the setting ${row.name} and start again` });
}
