/** Discovery and choice of native clients, for all engines; each family has its rule in a file of its own. */
export { compareVersions, majorOf, type Client } from "./client.ts";
export { discoverClients } from "./discover.ts";
export { choosePgDump, choosePgDumpall, choosePgRestore, choosePsql } from "./postgres.ts";
export { chooseMysqlDump, chooseMysqlLoader, type FamilyClient } from "./mysql-family.ts";
