import { SafebaseError } from "@safebase/contracts";
import { findDatabase } from "../catalog/databases.ts";
import type { Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";

/** Throws unless backups of a database can be test-restored on this other one's server: its owner's, and of its type. */
export async function checkVerifier(tx: Db, database: Database, verifierId: number | null | undefined): Promise<void> {
  if (verifierId === null || verifierId === undefined) return;
  const verifier = await findDatabase(tx, verifierId, { user_id: database.user_id });
  if (verifier === undefined) throw new SafebaseError("not_found", `verify_database_id: database ${verifierId} not found`);
  if (verifier.type === database.type) return;
  throw new SafebaseError("bad_request", `verify_database_id: a backup of ${database.type} cannot be restored to a ${verifier.type} server`);
}
