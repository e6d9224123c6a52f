import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Manifest, runPipeline, StageFailure } from "@safebase/artifact";
import type { Connection, Contents } from "@safebase/contracts";
import { clientDirs, connect, type Connection as TestSession, freshDatabase, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { inject } from "vitest";
import type { EngineContext, PreparedDump, PreparedRestore } from "../engine.ts";
import { familyEngine } from "./index.ts";

/** The family's servers under test. Where MySQL cannot be had, the set-up has printed why. */
export function familyServers(): { name: string; server: ServerInfo }[] {
  const mysql = inject("mysql");
  return [{ name: "MariaDB", server: inject("mariadb") }, ...(mysql === null ? [] : [{ name: "MySQL", server: mysql }])];
}

export const engineOf = (server: ServerInfo): ReturnType<typeof familyEngine> => familyEngine(server.engine);

/** A context with a folder of its own, which goes with it. */
export async function testContext(tag = "test", client_dirs = clientDirs()): Promise<EngineContext & AsyncDisposable> {
  const work_dir = await mkdtemp(join(tmpdir(), "safebase-family-"));
  return {
    client_dirs, work_dir, tag, signal: new AbortController().signal,
    [Symbol.asyncDispose]: () => rm(work_dir, { recursive: true }),
  };
}

/** How SafeBase would connect to a database of a test server. */
export function connectionTo(server: ServerInfo, db_name: string, other: Partial<Connection> = {}): Connection {
  if (server.engine === "postgresql") throw new Error("not of this family");
  return {
    type: server.engine, host: server.host, port: server.port, username: server.username, password: server.password, db_name,
    ssl_mode: "prefer", ssl_ca: null, ...other,
  };
}

/** Runs SQL as the superuser. */
export async function asRoot(server: ServerInfo, ...statements: string[]): Promise<void> {
  await using session: TestSession = await connect(server);
  for (const statement of statements) await session.query(statement);
}

/** A finished dump in a file, and what the engine said about it. */
export interface TestDump { path: string; text: string; contents: Contents; manifest: Manifest; prepared: PreparedDump }

/** Dumps a database the way a job does, without compression; a failed stage throws what the engine makes of it. */
export async function dump(server: ServerInfo, connection: Connection, context: EngineContext): Promise<TestDump> {
  await using prepared = await engineOf(server).prepareDump(connection, { format: "sql" }, context);
  const path = join(context.work_dir, `${Math.random()}.sql`);
  try {
    await runPipeline({ stages: prepared.parts[0]!.stages, sink: (output) => pipeline(output, createWriteStream(path)) });
  } catch (error) {
    throw error instanceof StageFailure ? prepared.explain(error) : error;
  }
  const contents = await prepared.contents();
  return { path, text: await readFile(path, "latin1"), contents, manifest: manifestFor(connection.db_name, prepared, contents), prepared };
}

function manifestFor(name: string, prepared: PreparedDump, contents: Contents): Manifest {
  const { server, server_version, tool, warnings, facts } = prepared;
  return { backup_id: 1, database: { name }, facts, server, server_version, tool: { ...tool, args: [...tool.args] }, contents, warnings: [...warnings], format: "sql", parts: [{}] } as unknown as Manifest;
}

/** Feeds a dump's file to a restore that has begun; a failed stage throws what the engine makes of it. */
export async function load(prepared: PreparedRestore, path: string): Promise<void> {
  try {
    await runPipeline({ stages: prepared.steps()[0]![0]!.stages, input: createReadStream(path) });
  } catch (error) {
    throw error instanceof StageFailure ? prepared.explain(error) : error;
  }
}

/** A whole restore, as a job does it. */
export async function restore(server: ServerInfo, target: Connection, made: TestDump, must_be_new: boolean, context: EngineContext): Promise<PreparedRestore> {
  await using prepared = await engineOf(server).prepareRestore(target, { manifest: made.manifest, must_be_new }, context);
  await prepared.begin();
  await load(prepared, made.path);
  await prepared.commit();
  await engineOf(server).cleanUp(target, context);
  return prepared;
}

/** The name of a database that does not exist yet, dropped when disposed of. */
export async function freshName(server: ServerInfo, prefix: string): Promise<TestDatabase> {
  const database = await freshDatabase(server, prefix);
  await asRoot(server, `DROP DATABASE \`${database.db_name.replaceAll("`", "``")}\``);
  return database;
}
