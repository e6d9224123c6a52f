import { join } from "node:path";
import { artifactDigest, artifactKey, knownParts, writeParts, type PartSource, type Stage } from "@safebase/artifact";
import type { BackupCommand } from "@safebase/contracts";
import { Bus, createLog, loadConfig } from "@safebase/runtime";
import { openStorage, type Storage } from "@safebase/storage";
import { startNats, tempDir, until, type NatsServer, type TestDatabase } from "@safebase/testing";
import { Registry } from "prom-client";
import type { BackupDetails } from "../backups/view.ts";
import { Executor, type Run } from "../jobs/rig-fixture.ts";
import { startGateway } from "../service.ts";
import { PASSWORD, type Answer, type CallOptions } from "./app-fixture.ts";

/** A whole gateway on a socket, with a NATS and a data folder of its own. */
export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly bus: Bus;
  readonly nats: NatsServer;
  readonly storage: Storage;
  readonly artifacts_dir: string;
  readonly settings: Record<string, string>;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  account(email: string): Promise<string>;
  /** Registers a database; answers its id. */
  database(token: string, fields?: Record<string, unknown>): Promise<number>;
  /** Orders a backup over HTTP, does the executor's part with these stages, or parts, and waits until the gateway says completed. */
  backup(token: string, database_id: number, dumped: readonly Stage[] | readonly PartSource[], options?: Record<string, string>): Promise<BackupDetails>;
  stop(): Promise<void>;
}

/** `more`: settings beside those that it needs. */
export async function startTestGateway(more: Record<string, string> = {}): Promise<TestGateway> {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await startNats());
  const { path: data_dir } = stack.use(await tempDir("gateway"));
  const log = createLog("gateway", "silent");
  const bus = stack.use(await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 3_000, log }, new AbortController().signal));
  const settings = { SAFEBASE_DATA_DIR: data_dir, SAFEBASE_PORT: "0", SAFEBASE_DUMPS_PER_SERVER: "64", ...more };
  const gateway = await startGateway(loadConfig(settings), { bus, log, metrics: new Registry() });
  const artifacts_dir = join(data_dir, "artifacts");
  const storage = await openStorage({ type: "local", id: "local", root: artifacts_dir });
  const executor = new Executor(bus, stack);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => stopping ??= gateway[Symbol.asyncDispose]();
  stack.defer(stop);
  const owned = stack.move();
  const call = (method: string, path: string, options: CallOptions = {}): Promise<Answer> => request(gateway.url + path, method, options);
  return {
    url: gateway.url, bus, nats, storage, artifacts_dir, settings, call, stop,
    account: async (email) => (await call("POST", "/auth/register", { json: { email, password: PASSWORD } })).body.token as string,
    database: async (token, fields = {}) => {
      const json = { name: "My shop", type: "postgresql", host: "127.0.0.1", port: 1, username: "u", password: "p", db_name: "shop", ...fields };
      return (await call("POST", "/api/databases", { token, json })).body.database.id as number;
    },
    backup: async (token, database_id, dumped, options = {}) => {
      const { body } = await call("POST", `/api/backups/database/${database_id}`, { token, json: options });
      await dump(await commandOf(executor, body.backup.id as number), storage, dumped);
      return until("the backup to be completed", async () => {
        const { backup } = (await call("GET", `/api/backups/${body.backup.id}`, { token })).body as { backup: BackupDetails };
        return backup.status === "completed" && backup;
      });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The run of this backup; other commands are said to be done, save backups, which wait on. */
async function commandOf(executor: Executor, backup_id: number): Promise<Run> {
  for (;;) {
    const run = await executor.take();
    if (run.command.kind !== "backup") await run.complete();
    else if (run.command.backup_id === backup_id) return run;
  }
}

async function request(url: string, method: string, options: CallOptions): Promise<Answer> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.token !== undefined) headers["authorization"] = `Bearer ${options.token}`;
  const body = options.raw ?? (options.json === undefined ? undefined : JSON.stringify(options.json));
  if (body !== undefined) headers["content-type"] ??= "application/json";
  const response = await fetch(url, { method, headers, redirect: "manual", ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status: response.status, text, headers: response.headers, body: isJson && text !== "" ? JSON.parse(text) : text };
}

async function dump(run: Run, storage: Storage, dumped: readonly Stage[] | readonly PartSource[]): Promise<void> {
  const command = run.command as BackupCommand;
  await run.start();
  const at = new Date().toISOString();
  const { type, host, port, username } = command.connection;
  const manifest = await writeParts({
    storage, stem: command.stem, format: command.format, compression: command.compression, recipients: command.recipients, parts: arePart(dumped) ? dumped : [{ part: null, stages: dumped, trailer: null }],
    draft: () => ({
      backup_id: command.backup_id, job_id: command.job_id, database: { id: command.database.id, name: "shop", label: command.database.name, type, host, port, username },
      server: "PostgreSQL 15", server_version: "15.0", tool: { name: "pg_dump", version: "15.0", args: [] }, contents: { tables: [] }, warnings: [],
      trigger: command.trigger, created_at: command.created_at, started_at: at, safebase_version: "0.1.0",
    }),
  });
  await run.end({
    type: "completed",
    result: { kind: "backup", key: artifactKey(manifest), ...artifactDigest(manifest), parts: knownParts(manifest), recipients: command.recipients, copies: [], server: "PostgreSQL 15", tool: "pg_dump 15.0", contents: { tables: [] }, warnings: [], started_at: at, finished_at: at },
  });
}

const arePart = (dumped: readonly Stage[] | readonly PartSource[]): dumped is readonly PartSource[] => "part" in (dumped[0] ?? {});

/** The real pg_dump of a test's database, in custom format. */
export function pgDump(database: TestDatabase): Stage {
  const { host, port, username, password, db_name } = database;
  return { program: "pg_dump", args: ["-Fc", "-Z0", "--no-password", "-h", host, "-p", String(port), "-U", username, "-d", db_name], env: { PGPASSWORD: password ?? "" } };
}
