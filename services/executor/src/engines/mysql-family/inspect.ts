import type { Session } from "./session.ts";

/** A table or view, as information_schema knows it. */
export interface TableFacts {
  readonly name: string;
  readonly kind: "table" | "view" | "sequence";
  readonly engine: string | null;
  readonly rows_estimate: number;
  readonly data_bytes: number;
  readonly index_bytes: number;
  readonly updated_at: string | null;
}

/** Tables whose rows live elsewhere: the dump holds their definition, or whatever the other side answers. */
const REMOTE_ENGINES = new Set(["FEDERATED", "FEDERATEDX", "CONNECT", "SPIDER", "S3", "NDBCLUSTER", "OQGRAPH"]);

export const isRemote = ({ engine }: TableFacts): boolean => REMOTE_ENGINES.has(engine?.toUpperCase() ?? "");

/** Everything that the database holds and this user may see. Sizes and rows are the server's estimates. */
export async function inspectTables(session: Session, db_name: string): Promise<TableFacts[]> {
  // MySQL answers from a day-old cache otherwise.
  if (session.flavour === "mysql") await session.rows("/*!80000 SET SESSION information_schema_stats_expiry = 0 */");
  const rows = await session.rows(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, TABLE_ROWS AS rows_estimate, DATA_LENGTH AS data_bytes,
      INDEX_LENGTH AS index_bytes, UPDATE_TIME AS updated_at
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME`, [db_name]);
  return rows.filter((row) => row["type"] !== "TEMPORARY").map((row) => ({
    name: String(row["name"]), kind: kindOf(String(row["type"])), engine: row["engine"] as string | null,
    rows_estimate: Number(row["rows_estimate"] ?? 0), data_bytes: Number(row["data_bytes"] ?? 0), index_bytes: Number(row["index_bytes"] ?? 0),
    updated_at: row["updated_at"] as string | null,
  }));
}

function kindOf(type: string): TableFacts["kind"] {
  if (type.includes("VIEW")) return "view";
  return type === "SEQUENCE" ? "sequence" : "table";
}

/** Does the database exist, as far as this user may see? */
export async function databaseExists(session: Session, db_name: string): Promise<boolean> {
  const rows = await session.rows("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [db_name]);
  return rows.length > 0;
}

/** The server's variable, undefined where it has none of that name. */
export async function serverVariable(session: Session, name: string): Promise<string | undefined> {
  const [row] = await session.rows("SHOW GLOBAL VARIABLES WHERE Variable_name = ?", [name]);
  return row === undefined ? undefined : String(row["Value"]);
}

/** The database's own collation: routines and columns without one take it when they are made, and no dump names it. */
export async function defaultCollation(session: Session, db_name: string): Promise<string | undefined> {
  const [row] = await session.rows("SELECT DEFAULT_COLLATION_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [db_name]);
  return row === undefined ? undefined : String(row["name"]);
}
