import { SafebaseError } from "@safebase/contracts";
import { type Client, type ClientProgram, compareVersions } from "./client.ts";

/** The first minor release of each major whose psql knows `\restrict`; majors above have it from the start. */
const RESTRICT_SINCE: ReadonlyMap<number, string> = new Map([
  [13, "13.22"], [14, "14.19"], [15, "15.14"], [16, "16.10"], [17, "17.6"],
]);

/** The newest client of the lowest major that is at least `min_major`: of equal ones the first folder's. */
function newestOfLowestMajor(clients: readonly Client[], program: ClientProgram, min_major: number): Client | undefined {
  const fitting = clients.filter((client) => client.flavour === "postgresql" && client.program === program && client.major >= min_major);
  return fitting.sort((a, b) => a.major - b.major || compareVersions(b.version, a.version))[0];
}

/** The pg_dump for a server: of its own major, else the next newer one. An older one cannot read a newer server. */
export function choosePgDump(clients: readonly Client[], server_version: string, server_major: number): Client {
  const choice = newestOfLowestMajor(clients, "pg_dump", server_major);
  if (choice !== undefined) return choice;
  const hint = `install pg_dump ${server_major} or newer (Debian: postgresql-client-${server_major})`;
  const newest = newestClient(clients, "pg_dump");
  if (newest === undefined) throw new SafebaseError("client_missing", `pg_dump is not installed here, and the server is PostgreSQL ${server_version}`, { hint });
  throw new SafebaseError("server_unsupported", `the server is PostgreSQL ${server_version}, but the newest pg_dump here is ${newest.version}, which cannot dump a newer server`, { hint });
}

/** The pg_dumpall for a server; undefined where none is installed that could read it. */
export function choosePgDumpall(clients: readonly Client[], server_major: number): Client | undefined {
  return newestOfLowestMajor(clients, "pg_dumpall", server_major);
}

/** The pg_restore for an archive: it reads what its own major or an older one wrote. */
export function choosePgRestore(clients: readonly Client[], archive_version: string, archive_major: number): Client {
  const choice = newestOfLowestMajor(clients, "pg_restore", archive_major);
  if (choice !== undefined) return choice;
  const hint = `install pg_restore ${archive_major} or newer (Debian: postgresql-client-${archive_major})`;
  const newest = newestClient(clients, "pg_restore");
  const sentence = newest === undefined
    ? `pg_restore is not installed here, and the backup was made by pg_dump ${archive_version}`
    : `the backup was made by pg_dump ${archive_version}, but the newest pg_restore here is ${newest.version}, which cannot read it`;
  throw new SafebaseError("client_missing", sentence, { hint });
}

/**
 * The newest psql that can be kept from running what a plain dump may hold besides SQL: `\! command` and its kin
 * (CVE-2025-8714). One that cannot is refused, for nothing else tells such a line from a function's body.
 */
export function choosePsql(clients: readonly Client[]): Client {
  const choice = newestClient(clients.filter(knowsRestrict), "psql");
  if (choice !== undefined) return choice;
  const unsafe = newestClient(clients, "psql");
  if (unsafe === undefined) throw new SafebaseError("client_missing", "psql is not installed here", { hint: "install it (Debian: postgresql-client)" });
  throw new SafebaseError("client_missing", `the newest psql here is ${unsafe.version}, which cannot be kept from running commands that an SQL backup may hold (CVE-2025-8714)`, {
    hint: `install psql 18, or of an older release at least ${[...RESTRICT_SINCE.values()].toReversed().join(", ")}`,
  });
}

/** Does this psql know `\restrict`, after which it takes SQL alone? */
function knowsRestrict(psql: Client): boolean {
  const since = RESTRICT_SINCE.get(psql.major);
  return since === undefined ? psql.major > 17 : compareVersions(psql.version, since) >= 0;
}

function newestClient(clients: readonly Client[], program: ClientProgram): Client | undefined {
  return clients.filter((client) => client.flavour === "postgresql" && client.program === program)
    .sort((a, b) => compareVersions(b.version, a.version))[0];
}
