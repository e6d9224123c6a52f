import type { Generated } from "kysely";
import type { Db } from "./scope.ts";

/** Lets one machine join a group of executors, once. The token itself is kept nowhere. */
export interface JoinTokensTable {
  id: Generated<number>;
  token_hash: string; // SHA-256
  executor_group: string;
  user_id: number;
  created_at: string;
  expires_at: string;
  used_at: Generated<string | null>;
  used_ip: Generated<string | null>;
  /** What the machine that joined called itself. */
  used_host: Generated<string | null>;
}

/** Removes the tokens of a group that nobody has used. */
export async function deleteJoinTokensOf(db: Db, group: string): Promise<void> {
  await db.deleteFrom("join_tokens").where("executor_group", "=", group).where("used_at", "is", null).execute();
}
