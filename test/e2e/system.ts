import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { clientDirs, connect, fillRealistic, fingerprint, freshDatabase, quoteName, tempDir, until, type Fingerprint, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { Client } from "../client.ts";
import { startProgram, type Program } from "./program.ts";

/** The standalone program as `npm start` runs it, on a data folder of its own, and its first account. */
export interface System extends AsyncDisposable {
  readonly url: string;
  readonly data_dir: string;
  readonly artifacts_dir: string;
  /** The first account, so the admin. */
  readonly admin: Client;
  readonly program: Program;
  /** Another account. */
  newUser(email: string): Promise<Client>;
  /** All files of the storage, temporaries included, as paths in it. */
  artifacts(): Promise<string[]>;
}

export async function startSystem(settings: Record<string, string> = {}, wrapper: readonly string[] = []): Promise<System> {
  await using stack = new AsyncDisposableStack();
  const data_dir = settings["SAFEBASE_DATA_DIR"] ?? stack.use(await tempDir("e2e")).path;
  const program = stack.use(startProgram("services/standalone/src/main.ts", {
    SAFEBASE_PORT: "0", SAFEBASE_LOG_LEVEL: "info", SAFEBASE_CLIENT_PATH: clientDirs().join(":"), SAFEBASE_DATA_DIR: data_dir,
    SAFEBASE_DUMPS_PER_SERVER: "8", ...settings, // all tests share a server
  }, [], wrapper));
  const url = await program.url();
  const newUser = (email: string): Promise<Client> => Client.register(() => url, email);
  const admin = await newUser("admin@example.org");
  const artifacts_dir = join(data_dir, "artifacts");
  const owned = stack.move();
  return { url, data_dir, artifacts_dir, admin, program, newUser, artifacts: () => filesIn(artifacts_dir), [Symbol.asyncDispose]: () => stop(program, owned) };
}

/** Ends a program in order, so that it leaves nothing; one that has ended is left alone. */
export async function end(program: Program): Promise<void> {
  if (program.runs()) program.signal("SIGTERM");
  await program.ended();
}

async function stop(program: Program, owned: AsyncDisposableStack): Promise<void> {
  await end(program);
  await owned.disposeAsync();
}

/** All files in a folder and those below it, as paths relative to it. */
export async function filesIn(dir: string): Promise<string[]> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name).slice(dir.length + 1)).sort();
}

/** A database with the realistic schema, registered by a user. */
export async function filledDatabase(server: ServerInfo, owner: Client, prefix = "shop", rows = 100): Promise<TestDatabase & { id: number }> {
  const database = await freshDatabase(server, prefix);
  await fillRealistic(database.connection, { rows });
  return Object.assign(database, { id: await owner.addDatabase(server, database.db_name) });
}

/** What is in a database: seen in a session of its own, for a swap ends open ones. */
export async function look(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using connection = await connect(server, db_name);
  return await fingerprint(connection);
}

/** Damages what `fillRealistic` made; in a session of its own. */
export async function damage(server: ServerInfo, db_name: string): Promise<void> {
  await using connection = await connect(server, db_name);
  for (const sql of ["DELETE FROM order_lines", "UPDATE customers SET name = 'overwritten' WHERE id % 3 = 0"]) await connection.query(sql);
}

/** Drops a database that a restore is to make, at disposal. */
export function dropLater(server: ServerInfo, db_name: string): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      await using admin = await connect(server);
      await admin.query(`DROP DATABASE IF EXISTS ${quoteName(server.engine, db_name)}`);
    },
  };
}

/** Waits until what restores make beside their targets, and is there now, is gone; others' that come meanwhile do not count. */
export async function sideDatabasesGone(server: ServerInfo): Promise<void> {
  await using admin = await connect(server);
  const list = server.engine === "postgresql" ? "SELECT datname AS name FROM pg_database" : "SELECT schema_name AS name FROM information_schema.schemata";
  const names = async (): Promise<string[]> => (await admin.query(list)).map(({ name }) => String(name)).filter((name) => name.includes("safebase"));
  const first = await names();
  await until(`${first.join(", ")} to be gone`, async () => !(await names()).some((name) => first.includes(name)), { timeout_ms: 20_000 });
}
