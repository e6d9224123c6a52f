import type { BackupResult, Failure, JobEvent, RestoreResult } from "@safebase/contracts";
import { connect, containersWanted, type DatabaseServer, type Engine, fingerprint, type Fingerprint, type ServerInfo, startServer, until } from "@safebase/testing";
import { refOf, type Rig, startRig } from "../../services/executor/src/jobs/fixture.ts";

export type Format = "custom" | "sql";
export const formatsOf = (engine: Engine): readonly Format[] => engine === "postgresql" ? ["custom", "sql"] : ["sql"];

/** A completed backup, and the reference by which a restore finds it. */
export interface BackedUp { readonly result: BackupResult; readonly source: ReturnType<typeof refOf> }
export type Outcome<T> = { readonly result: T } | { readonly failure: Failure };

/** An executor whose jobs run as the gateway would have them run, and the servers of the images, each started once. */
export interface Lab extends AsyncDisposable {
  server(engine: Engine, version: string): Promise<DatabaseServer>;
  backUp(server: ServerInfo, db_name: string, format: Format): Promise<BackedUp>;
  /** A backup that is expected to fail. */
  refused(server: ServerInfo, db_name: string): Promise<Failure>;
  restore(backup: BackedUp, server: ServerInfo, db_name: string, must_be_new: boolean): Promise<Outcome<RestoreResult>>;
}

/** Where an executor finds clients beside the installed ones, and how it is started when not in this process. */
export interface LabOptions { readonly client_dirs?: string[]; readonly startExecutor?: (rig: Rig) => Promise<AsyncDisposable> }

/** Undefined, and a line that says why, where no container engine answers. */
export async function openLab({ client_dirs, startExecutor = (rig) => rig.startExecutor() }: LabOptions = {}): Promise<Lab | undefined> {
  if (!await containersWanted()) {
    console.warn("skipped: the version matrix: no container engine answers");
    return undefined;
  }
  await using stack = new AsyncDisposableStack();
  const servers = new Map<string, Promise<DatabaseServer>>();
  stack.defer(async () => { for (const server of servers.values()) await (await server)[Symbol.asyncDispose](); });
  const rig = stack.use(await startRig(client_dirs));
  stack.use(await startExecutor(rig));
  const owned = stack.move();
  return {
    ...jobs(rig),
    server: (engine, version) => {
      const name = `${engine} ${version}`;
      const server = servers.get(name) ?? startServer({ engine, version });
      servers.set(name, server);
      return server;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function jobs(rig: Rig): Pick<Lab, "backUp" | "refused" | "restore"> {
  let lastId = 0;
  const backUp = async (server: ServerInfo, db_name: string, format: Format) => {
    const command = rig.backupCommand(++lastId, rig.seal(server, db_name), { format, compression: "zstd" });
    await rig.send(command);
    return { command, event: await rig.ended(command.job_id) };
  };
  return {
    backUp: async (...wanted) => {
      const { command, event } = await backUp(...wanted);
      const source = refOf(command, event);
      return { source, result: resultOf<BackupResult>(event, "backup") };
    },
    refused: async (server, db_name) => {
      const { event } = await backUp(server, db_name, server.engine === "postgresql" ? "custom" : "sql");
      if (event.type !== "failed") throw new Error(`not refused: ${JSON.stringify(event)}`);
      return event.failure;
    },
    restore: async ({ source }, server, db_name, must_be_new) => {
      const connection = rig.seal(server, db_name);
      const command = rig.restoreCommand(++lastId, source, connection, { target: { connection, must_be_new } });
      await rig.send(command);
      const event = await rig.ended(command.job_id);
      return event.type === "failed" ? { failure: event.failure } : { result: resultOf<RestoreResult>(event, "restore") };
    },
  };
}

function resultOf<T extends { kind: string }>(event: JobEvent, kind: T["kind"]): T {
  if (event.type !== "completed" || event.result.kind !== kind) throw new Error(`no completed ${kind}: ${JSON.stringify(event)}`);
  return event.result as unknown as T;
}

/** All that is in a database. */
export async function look(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using connection = await connect(server, db_name);
  return await fingerprint(connection);
}

/** What is SafeBase's own beside a restored database goes when the restore has been told: waits for that. */
export async function tidied(server: ServerInfo, db_name: string): Promise<void> {
  await using connection = await connect(server, db_name);
  const own = server.engine === "postgresql" ? "SELECT 1 FROM pg_database WHERE datname LIKE 'safebase%'"
    : "SELECT 1 FROM information_schema.tables WHERE table_schema = database() AND table_name LIKE '\\_safebase%'";
  await until("what the restore has left to go", async () => (await connection.query(own)).length === 0 || undefined);
}
