import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Manifest, runPipeline, type Stage, StageFailure } from "@safebase/artifact";
import type { Connection, Contents, Format, Warning } from "@safebase/contracts";
import { connect, fingerprint, type Fingerprint, type ServerInfo } from "@safebase/testing";
import type { EngineContext, LoadTask, PreparedDump, PreparedRestore } from "../engine.ts";
import { postgresEngine } from "./index.ts";

/** What the engine is given for one run, in a folder that goes with it. */
export async function testContext(options: Partial<EngineContext> = {}): Promise<EngineContext & AsyncDisposable> {
  const work_dir = await mkdtemp(join(tmpdir(), "safebase-engine-"));
  return {
    client_dirs: [], work_dir, tag: `safebase-test-${randomBytes(4).toString("hex")}`, signal: new AbortController().signal, ...options,
    [Symbol.asyncDispose]: () => rm(work_dir, { recursive: true }),
  };
}

/** The registered connection for a database of a test server. */
export function registered(server: ServerInfo, db_name: string, changes: Partial<Connection> = {}): Connection {
  return {
    type: "postgresql", host: server.host, port: server.port, username: server.username, password: server.password,
    db_name, ssl_mode: "prefer", ssl_ca: null, ...changes,
  };
}

export interface Dumped { readonly path: string; readonly manifest: Manifest; readonly contents: Contents; readonly warnings: readonly Warning[] }

/** Backs a database up into a file of the context's folder, the way a backup job does. */
export async function dumpToFile(connection: Connection, format: Format, context: EngineContext, meanwhile?: () => Promise<void>): Promise<Dumped> {
  await using dump = await postgresEngine.prepareDump(connection, { format }, context);
  await meanwhile?.();
  const path = join(context.work_dir, `dump-${randomBytes(4).toString("hex")}`);
  await runStages(dump.parts[0]!.stages, dump, { sink: (output) => pipeline(output, createWriteStream(path)) });
  const contents = await dump.contents();
  return { path, contents, warnings: dump.warnings, manifest: manifestOf(dump, format, contents) };
}

/** As far as a restore reads it. */
function manifestOf(dump: PreparedDump, format: Format, contents: Contents): Manifest {
  const { server, server_version, tool, facts, warnings } = dump;
  return { server, server_version, tool: { ...tool, args: [...tool.args] }, format, contents, facts, warnings: [...warnings], parts: [{}] } as unknown as Manifest;
}

export interface RestoreTest { readonly must_be_new?: boolean; readonly stages?: (stages: readonly Stage[]) => readonly Stage[]; readonly beforeCommit?: () => Promise<unknown> }

/** Restores a file, the way a restore job does: a failure is rolled back and thrown. */
export async function restoreFile(dumped: Pick<Dumped, "path" | "manifest">, connection: Connection, context: EngineContext, options: RestoreTest = {}): Promise<PreparedRestore> {
  const restore = await postgresEngine.prepareRestore(connection, { manifest: dumped.manifest, must_be_new: options.must_be_new ?? false }, context);
  try {
    await restore.begin();
    const [[task]] = restore.steps() as [[LoadTask]];
    const stages = options.stages?.(task.stages) ?? task.stages;
    await runStages(stages, restore, { input: createReadStream(dumped.path) });
    await options.beforeCommit?.();
    await restore.commit();
  } catch (error) {
    if (!await restore.rollback()) throw new Error("the target was changed by a failed restore", { cause: error });
    throw error;
  }
  await postgresEngine.cleanUp(connection, context);
  return restore;
}

async function runStages(stages: readonly Stage[], prepared: Pick<PreparedDump, "explain">, ends: { input?: Readable; sink?: (output: Readable) => Promise<unknown> }): Promise<void> {
  try {
    await runPipeline({ stages, ...ends });
  } catch (error) {
    throw error instanceof StageFailure ? prepared.explain(error) : error;
  }
}

/** All that is in a database of that name. */
export async function fingerprintOf(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using connection = await connect(server, db_name);
  return await fingerprint(connection);
}

/** Runs SQL as the superuser and gives the last statement's rows. */
export async function admin(server: ServerInfo, sql: string, db_name = "postgres") {
  await using connection = await connect(server, db_name);
  return await connection.query(sql);
}

/** Databases that a restore has left behind. */
export async function leftovers(server: ServerInfo, context: EngineContext): Promise<string[]> {
  const mark = context.tag.replace(/^safebase-/, "").replaceAll("-", "_");
  return (await admin(server, `SELECT datname FROM pg_database WHERE datname LIKE 'safebase%${mark}%'`)).map((row) => String(row["datname"]));
}

/** A program of the test's own in the context's folder. */
export async function script(context: EngineContext, name: string, text: string): Promise<string> {
  const path = join(context.work_dir, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}
