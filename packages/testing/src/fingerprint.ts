import { fingerprintMysql } from "./fingerprint/mysql.ts";
import { fingerprintPostgres } from "./fingerprint/postgres.ts";
import type { Fingerprint } from "./fingerprint/fingerprint.ts";
import type { Connection } from "./connection.ts";

/** Describes the database that the connection is on. Its session is changed: use one for this alone. */
export async function fingerprint(connection: Connection): Promise<Fingerprint> {
  return connection.engine === "postgresql" ? fingerprintPostgres(connection) : fingerprintMysql(connection);
}
