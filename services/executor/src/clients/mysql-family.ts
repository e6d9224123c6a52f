import { SafebaseError, type Warning } from "@safebase/contracts";
import { type Client, compareVersions, majorOf } from "./client.ts";

/** The server that a client is wanted for. */
export interface FamilyServer { readonly flavour: "mysql" | "mariadb"; readonly version: string }

/** The client to use, and what the user should know about it. */
export interface FamilyClient { readonly client: Client; readonly warnings: readonly Warning[] }

/** MariaDB's client plays MySQL's since this version: before it, it cannot log in with MySQL 8's default plugin. */
const MARIADB_FOR_MYSQL = "10.3";

const PRODUCT = { mysql: "MySQL", mariadb: "MariaDB" } as const;

/** The dump program for a server, see `choose`. */
export function chooseMysqlDump(clients: readonly Client[], server: FamilyServer): FamilyClient {
  return choose(clients.filter((client) => client.program === "mysqldump" || client.program === "mariadb-dump"), server, "dump");
}

/** The program that loads a dump into a server, see `choose`. */
export function chooseMysqlLoader(clients: readonly Client[], server: FamilyServer): FamilyClient {
  return choose(clients.filter((client) => client.program === "mysql" || client.program === "mariadb"), server, "load");
}

/**
 * The server's own family comes first, in the lowest version that is not older than the server, the newest patch of it.
 * An older MariaDB client works with newer servers, which is worth a warning; an older mysqldump is refused by MySQL's
 * own documentation, so there MariaDB's takes over. The other way round nothing does: MySQL's client has lost the login
 * method that MariaDB uses by default.
 */
function choose(clients: readonly Client[], server: FamilyServer, use: "dump" | "load"): FamilyClient {
  const own = clients.filter((client) => client.flavour === server.flavour && canLogIn(client, server));
  const fitting = lowestSeries(own.filter((client) => compareVersions(series(client.version), series(server.version)) >= 0));
  if (fitting !== undefined) return { client: fitting, warnings: [] };
  const older = newest(own);
  // A loader only sends what it reads: its age matters for the login alone.
  if (older !== undefined && (server.flavour === "mariadb" || use === "load")) return { client: older, warnings: [olderClient(older, server)] };
  const foreign = server.flavour === "mysql" ? newest(clients.filter(speaksMysql)) : undefined;
  if (foreign !== undefined) return { client: foreign, warnings: [foreignClient(foreign, server)] };
  throw nothingFits(clients, older, server, use);
}

function canLogIn(client: Client, server: FamilyServer): boolean {
  // mysql_native_password, the only method of MySQL 5.7, left MySQL's clients with 9.0.
  return server.flavour === "mariadb" || client.major < 9 || majorOf(server.version) >= 8;
}

function speaksMysql(client: Client): boolean {
  return client.flavour === "mariadb" && compareVersions(client.version, MARIADB_FOR_MYSQL) >= 0;
}

function lowestSeries(clients: readonly Client[]): Client | undefined {
  const lowest = [...clients].sort((a, b) => compareVersions(a.version, b.version))[0];
  return lowest && newest(clients.filter((client) => series(client.version) === series(lowest.version)));
}

/** Of equal ones that with its family's own name, else the first, which is the first folder's. */
function newest(clients: readonly Client[]): Client | undefined {
  return [...clients].sort((a, b) => compareVersions(b.version, a.version) || Number(isNamesake(b)) - Number(isNamesake(a)))[0];
}

/** MariaDB's clients still come under MySQL's names, too, and reports should say which they are. */
const isNamesake = ({ flavour, program }: Client): boolean => flavour === "mysql" || program.startsWith("mariadb");

/** "10.11" of "10.11.19": what decides about compatibility. */
function series(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

function olderClient(client: Client, server: FamilyServer): Warning {
  return { code: "older_client", message: `${client.program} ${client.version} is older than the ${PRODUCT[server.flavour]} ${server.version} server` };
}

function foreignClient(client: Client, server: FamilyServer): Warning {
  return {
    code: "foreign_client",
    message: `MariaDB's ${client.program} ${client.version} stands in for a MySQL client of version ${series(server.version)} or newer, which is not installed here`,
  };
}

function nothingFits(clients: readonly Client[], older: Client | undefined, server: FamilyServer, use: "dump" | "load"): SafebaseError {
  const product = `${PRODUCT[server.flavour]} ${server.version}`;
  const hint = `Install ${server.flavour === "mysql" ? `MySQL's client programs ${series(server.version)} or newer (Debian sid: mysql-client; elsewhere: MySQL's own packages)` : "the package mariadb-client"} where the executor runs.`;
  if (older !== undefined) {
    return new SafebaseError("server_unsupported", `${product} needs ${older.program} ${series(server.version)} or newer; the newest one here is ${older.version}`, { hint });
  }
  const others = clients.map((client) => `${PRODUCT[client.flavour as "mysql" | "mariadb"]}'s ${client.program} ${client.version}`);
  const instead = others.length === 0 ? "none is installed here" : `only ${[...new Set(others)].join(", ")} here, which cannot be used with it`;
  return new SafebaseError("client_missing", `no client to ${use} ${product}: ${instead}`, { hint });
}
