import type { Manifest } from "@safebase/artifact";
import { type Connection, SafebaseError } from "@safebase/contracts";
import type { Grants } from "./grants.ts";
import { serverVariable } from "./inspect.ts";
import type { Session } from "./session.ts";
import { readSourceFacts, SourceFacts } from "./source-facts.ts";

/**
 * Refuses what this user could not create: the dump stops there, in place after the target was emptied. What stands in
 * the target now must be restorable as well, for the safety backup puts it back.
 */
export async function requireCreationRights(session: Session, grants: Grants, connection: Connection, manifest: Manifest, replaces: boolean): Promise<void> {
  const wanted = [{ holder: "the backup", facts: SourceFacts.parse(manifest.facts ?? {}) }];
  if (replaces) wanted.push({ holder: connection.db_name, facts: await readSourceFacts(session, connection.db_name) });
  const [row] = await session.rows("SELECT CURRENT_USER() AS name");
  const binlog = await serverVariable(session, "log_bin") === "ON" && await serverVariable(session, "log_bin_trust_function_creators") === "OFF";
  for (const { holder, facts } of wanted) {
    refuseDefiners(holder, facts, grants, String(row?.["name"]), connection);
    if (binlog) refuseFunctions(holder, facts, grants, connection);
  }
}

function refuseDefiners(holder: string, { definers = [] }: SourceFacts, grants: Grants, current_user: string, { username }: Connection): void {
  if (grants.globally("SUPER", "SET USER", "SET_ANY_DEFINER", "SET_USER_ID") || definers.every((definer) => definer === current_user)) return;
  throw new SafebaseError("insufficient_privileges",
    `${holder} has views, routines, triggers or events of other definers, which the user ${username} may not create; nothing was changed`,
    { hint: "Restore as a user with SUPER, SET USER (MariaDB) or SET_ANY_DEFINER (MySQL)." });
}

/** Errors 1418, whoever restores, and 1419; `sql_log_bin = 0` spares nobody. */
function refuseFunctions(holder: string, { triggers = 0, functions = 0, unsafe_functions = 0 }: SourceFacts, grants: Grants, { username }: Connection): void {
  const trust = "set log_bin_trust_function_creators on the server";
  if (unsafe_functions > 0) {
    throw new SafebaseError("insufficient_privileges",
      `${holder} has functions that say neither DETERMINISTIC nor NO SQL nor READS SQL DATA, which a server with a binary log refuses; nothing was changed`,
      { hint: `For the time of the restore, ${trust}.` });
  }
  if (triggers + functions === 0 || grants.globally("SUPER")) return;
  throw new SafebaseError("insufficient_privileges",
    `${holder} has triggers or functions, which the user ${username} may not create on a server with a binary log; nothing was changed`,
    { hint: `Restore as a user with SUPER, or ${trust}.` });
}
