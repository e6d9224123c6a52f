import type { Connection } from "../connection.ts";
import { mysqlStatements } from "./mysql.ts";
import { postgresStatements } from "./postgres.ts";

/**
 * Fills an empty database with the realistic schema and its data. `rows` is the number of orders; a row of them
 * is some 250 bytes of SQL, all the rest together about as much for every ten. MySQL wants a user who may make
 * triggers, routines and events.
 */
export async function fillRealistic(connection: Connection, options: { rows?: number } = {}): Promise<void> {
  const { rows = 2_000 } = options;
  const statements = connection.engine === "postgresql" ? postgresStatements(rows) : mysqlStatements(connection.engine, rows);
  for (const statement of statements) await connection.query(statement);
}
