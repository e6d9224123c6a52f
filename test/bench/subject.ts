import { randomBytes } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, freshDatabase, quoteName, startMariadb, startPostgres, tempDir, until, type Connection, type ServerInfo } from "@safebase/testing";
import { fill, type Data } from "./data/fill.ts";
import type { BenchEngine } from "./options.ts";

/** A server of its own to measure with. */
export interface BenchServer extends AsyncDisposable {
  readonly info: ServerInfo;
  /** A new database with this data, about so much of it as SQL. */
  fill(data: Data, size_bytes: number, signal: AbortSignal): Promise<Subject>;
}

/** A database to measure with, and how native programs reach it. */
export interface Subject extends AsyncDisposable {
  readonly server: ServerInfo;
  readonly db_name: string;
  /** Where the bare pipelines write. */
  readonly folder: string;
  readonly env: Record<string, string>;
  /** Of a PostgreSQL server, for tools that reach it in no other way. */
  readonly socket_dir: string;
}

/** Room for the data in memory, no work of the server's own beside what is measured. */
const SERVER = {
  postgresql: (socket_dir: string) => startPostgres({ args: ["-c", "autovacuum=off", "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB", "-c", `unix_socket_directories=${socket_dir}`] }),
  mariadb: (_socket_dir: string) => startMariadb({ args: ["--innodb-buffer-pool-size=512M", "--innodb-log-file-size=512M", "--max-allowed-packet=1G"] }),
};

export async function startBenchServer(engine: BenchEngine): Promise<BenchServer> {
  await using stack = new AsyncDisposableStack();
  const socket_dir = stack.use(await tempDir("bench-socket")).path;
  await chmod(socket_dir, 0o777); // for the server's user
  const info = stack.use(await SERVER[engine](socket_dir));
  const owned = stack.move();
  return { info, fill: (...wanted) => newSubject(info, socket_dir, ...wanted), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function newSubject(server: ServerInfo, socket_dir: string, data: Data, size_bytes: number, signal: AbortSignal): Promise<Subject> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await tempDir("bench")).path;
  const database = stack.use(await freshDatabase(server, "bench"));
  await fill(database.connection, data, size_bytes, signal);
  const env = await clientEnvironment(server, database.db_name, folder);
  const owned = stack.move();
  return { server, db_name: database.db_name, folder, env, socket_dir, [Symbol.asyncDispose]: () => owned.disposeAsync() };
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
