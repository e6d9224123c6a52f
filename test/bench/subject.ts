import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, freshDatabase, quoteName, startMariadb, startPostgres, tempDir, until, type Connection, type ServerInfo } from "@safebase/testing";
import { fill } from "./data/fill.ts";
import type { BenchEngine } from "./options.ts";

/** A database to measure with, on a server of its own, and how native programs reach it. */
export interface Subject extends AsyncDisposable {
  readonly server: ServerInfo;
  readonly db_name: string;
  /** Where the bare pipelines write. */
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly filled_ms: number;
}

/** Room for the data in memory, no work of the server's own beside what is measured. */
const SERVER = {
  postgresql: () => startPostgres({ args: ["-c", "autovacuum=off", "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"] }),
  mariadb: () => startMariadb({ args: ["--innodb-buffer-pool-size=512M", "--innodb-log-file-size=512M", "--max-allowed-packet=1G"] }),
};

export async function startSubject(engine: BenchEngine, size_bytes: number, signal: AbortSignal): Promise<Subject> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await SERVER[engine]());
  const database = stack.use(await freshDatabase(server, "bench"));
  const folder = stack.use(await tempDir("bench")).path;
  const from_ms = performance.now();
  await fill(database.connection, size_bytes, signal);
  const env = await clientEnvironment(server, database.db_name, folder);
  const owned = stack.move();
  return {
    server, db_name: database.db_name, folder, env, filled_ms: performance.now() - from_ms,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function clientEnvironment(server: ServerInfo, db_name: string, folder: string): Promise<Record<string, string>> {
  const { host, port, username, password } = server;
  const common = { PATH: `${server.bin_dir}:${process.env["PATH"]}`, LC_ALL: "C" };
  const file = join(folder, "password");
  if (server.engine === "postgresql") {
    await writeFile(file, `*:*:*:*:${password}\n`, { mode: 0o600 });
    return { ...common, PGHOST: host, PGPORT: String(port), PGUSER: username, PGDATABASE: db_name, PGPASSFILE: file };
  }
  await writeFile(file, `[client]\nhost=${host}\nport=${port}\nuser=${username}\npassword=${password}\n`, { mode: 0o600 });
  return { ...common, BENCH_OPTIONS: file, BENCH_DATABASE: db_name };
}

/** Makes an empty database to restore into; dropped when disposed of. */
export async function emptyDatabase(server: ServerInfo): Promise<{ db_name: string } & AsyncDisposable> {
  return freshDatabase(server, "bench_copy");
}

/** The name of a database that is not there; whatever a restore makes of it is dropped when disposed of. */
export function newName(server: ServerInfo): { db_name: string } & AsyncDisposable {
  const db_name = `bench_new_${randomBytes(4).toString("hex")}`;
  return {
    db_name,
    [Symbol.asyncDispose]: async () => {
      await using connection = await connect(server);
      await until("SafeBase to tidy up behind its restore", () => isTidied(connection, db_name));
      await connection.query(`DROP DATABASE IF EXISTS ${quoteName(server.engine, db_name)}`);
    },
  };
}

/** A restore is reported first, then its marks are taken away: dropping the database in between would make an error of that. */
async function isTidied(connection: Connection, db_name: string): Promise<boolean> {
  const marks = connection.engine === "postgresql"
    ? await connection.query("SELECT 1 FROM pg_database WHERE datname = $1 AND shobj_description(oid, 'pg_database') IS NOT NULL", [db_name])
    : await connection.query("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_COMMENT LIKE 'SafeBase %'", [db_name]);
  return marks.length === 0;
}
