import { type Connection, SafebaseError, SCRATCH_PREFIX, type Warning } from "@safebase/contracts";
import type { RestoreOptions } from "../engine.ts";
import { processList } from "./busy.ts";
import { requireCreationRights } from "./creation-rights.ts";
import { type Grants, readGrants } from "./grants.ts";
import { serverVariable } from "./inspect.ts";
import { packetsToRaise } from "./packets.ts";
import type { Session } from "./session.ts";

const UNLOGGED = "SET SESSION sql_log_bin = 0";
const ESSENTIAL = ["SELECT", "INSERT", "CREATE", "ALTER", "DROP", "LOCK TABLES"];
const FOR_SOME_OBJECTS = ["CREATE VIEW", "TRIGGER", "CREATE ROUTINE", "ALTER ROUTINE", "EVENT", "REFERENCES", "INDEX"];

/** What the restore will do on this server beside loading, and what the user should know before. */
export interface RestorePlan {
  readonly warnings: readonly Warning[];
  /** Run by the loader when it has connected. */
  readonly init_command: string | undefined;
  /** The global packet limit is below what a row may need and may be raised for the loader's session. */
  readonly raise_packets_from: number | undefined;
}

/**
 * Refuses what is bound to fail while the target is still whole: in place it is emptied first, and the backup that is
 * put back after a failure needs the same rights.
 */
export async function planRestore(session: Session, connection: Connection, { manifest, scratch = false }: RestoreOptions, replaces: boolean): Promise<RestorePlan> {
  const grants = await readGrants(session);
  const { db_name } = connection;
  requirePrivileges(grants, connection, scratch);
  await requireCreationRights(session, grants, connection, manifest, replaces);
  const raise_packets_from = await packetsToRaise(session, grants, manifest);
  const init_command = await binlogCommand(session, grants, scratch);
  const partial = FOR_SOME_OBJECTS.filter((privilege) => !grants.onDatabase(privilege, db_name));
  return {
    init_command, raise_packets_from,
    warnings: [
      ...otherServer(session, manifest),
      ...(partial.length === 0 ? [] : [{ code: "missing_privilege", message: `the user lacks ${partial.join(", ")} on ${db_name}: a dump that needs them fails` }]),
      ...(raise_packets_from === undefined ? [] : [{ code: "packets_raised", message: `the server's max_allowed_packet of ${raise_packets_from} bytes is raised to 1G while the backup is loaded` }]),
      ...(init_command === undefined || scratch ? [] : [{ code: "not_in_binlog", message: "the restore is not written to the server's binary log: replicas added later from older backups need it copied" }]),
    ],
  };
}

function requirePrivileges(grants: Grants, { db_name, username }: Connection, scratch: boolean): void {
  const missing = ESSENTIAL.filter((privilege) => !grants.onDatabase(privilege, db_name));
  if (missing.length === 0) return;
  throw new SafebaseError("insufficient_privileges", `the user ${username} lacks ${missing.join(", ")} on ${db_name}, which a restore needs; nothing was changed`, {
    hint: scratch
      ? `GRANT ALL ON \`${SCRATCH_PREFIX.replaceAll("_", "\\_")}%\`.* TO the user, or let another server be the target.`
      : `GRANT ALL ON \`${db_name}\`.* TO the user, or restore as another one.`,
  });
}

/**
 * Loading is faster outside the binary log, but replicas live on it: only where none is connected, no cluster
 * replicates by it and the user may. A scratch database is none of the replicas' business.
 */
async function binlogCommand(session: Session, grants: Grants, scratch: boolean): Promise<string | undefined> {
  if (await serverVariable(session, "log_bin") !== "ON" || await serverVariable(session, "wsrep_on") === "ON") return undefined;
  if (await serverVariable(session, "group_replication_group_name") !== undefined) return undefined;
  const maySet = grants.globally("SUPER", "BINLOG ADMIN", "SYSTEM_VARIABLES_ADMIN", "SESSION_VARIABLES_ADMIN");
  if (maySet && scratch) return UNLOGGED;
  // Without PROCESS other users' connections, a replica's among them, cannot be seen.
  if (!maySet || !grants.globally("PROCESS")) return undefined;
  const replicas = (await processList(session)).filter(({ command }) => command.startsWith("Binlog Dump"));
  return replicas.length > 0 ? undefined : UNLOGGED;
}

function otherServer(session: Session, manifest: RestoreOptions["manifest"]): Warning[] {
  if (manifest.server === session.server) return [];
  const source = /^(MySQL|MariaDB) (\d+)\.(\d+)/.exec(manifest.server);
  const target = /^(MySQL|MariaDB) (\d+)\.(\d+)/.exec(session.server);
  if (source === null || target === null) return [];
  const older = Number(target[2]) * 1000 + Number(target[3]) < Number(source[2]) * 1000 + Number(source[3]);
  if (source[1] === target[1] && !older) return [];
  return [{ code: "other_server", message: `the backup is of ${manifest.server}, the target is ${session.server}: what only the first one knows makes the restore fail` }];
}
