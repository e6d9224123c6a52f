import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifactStem } from "@safebase/artifact";
import { JobEvent, SCRATCH_PREFIX, STREAMS, subjects, type ArtifactRef, type BackupCommand, type CheckCommand, type Command, type CopyCommand, type DeleteCommand, type RestoreCommand, type SealedConnection, type StorageRef, type VerifyCommand } from "@safebase/contracts";
import { Bus, CONNECTION_CONTEXT, STORAGE_CONTEXT, createLog, hostService, loadConfig, loadSecrets, prepareQueue, work, type Secrets } from "@safebase/runtime";
import { clientDirs, startNats, until, type NatsServer, type ServerInfo } from "@safebase/testing";
import { startExecutor } from "../service.ts";

/** An executor with a NATS server and a data folder of its own, and the gateway's end of the line. */
export interface Rig extends AsyncDisposable {
  readonly nats: NatsServer;
  readonly bus: Bus;
  readonly data_dir: string;
  /** What the executor's environment says. */
  readonly settings: Readonly<Record<string, string>>;
  readonly events: JobEvent[];
  send(command: Command): Promise<boolean>;
  /** Waits for the job's final event. */
  ended(jobId: number): Promise<JobEvent>;
  /** Another local storage, in a folder of its own. */
  storageIn(name: string, root: string): StorageRef;
  seal(server: ServerInfo, db_name: string, changes?: Partial<SealedConnection>): SealedConnection;
  backupCommand(id: number, connection: SealedConnection, changes?: Partial<BackupCommand>): BackupCommand;
  restoreCommand(id: number, source: ArtifactRef, connection: SealedConnection, changes?: Partial<RestoreCommand>): RestoreCommand;
  /** A test restore on the server of a connection, in `scratchName(id)`. */
  verifyCommand(id: number, source: ArtifactRef, expected: VerifyCommand["expected"], connection: SealedConnection, changes?: Partial<VerifyCommand>): VerifyCommand;
  checkCommand(id: number, source: ArtifactRef, changes?: Partial<CheckCommand>): CheckCommand;
  copyCommand(id: number, source: ArtifactRef, target: StorageRef, changes?: Partial<CopyCommand>): CopyCommand;
  deleteCommand(id: number, of: BackupCommand): DeleteCommand;
  startExecutor(): Promise<AsyncDisposable>;
}

const LEASE_TTL_S = "3";

/** `client_dirs`: where the executor finds clients beside the installed ones. */
export async function startRig(client_dirs = clientDirs()): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const data_dir = await mkdtemp(join(tmpdir(), "safebase-executor-"));
  stack.defer(() => rm(data_dir, { recursive: true, force: true }));
  const nats = stack.use(await startNats());
  const signal = new AbortController().signal;
  const settings = {
    SAFEBASE_DATA_DIR: data_dir, SAFEBASE_NATS_URL: nats.url, SAFEBASE_LOG_LEVEL: "silent",
    SAFEBASE_LEASE_TTL_S: LEASE_TTL_S, SAFEBASE_SWEEP_GRACE_S: "1", SAFEBASE_CLIENT_PATH: client_dirs.join(":"),
  };
  const config = loadConfig(settings);
  const secrets = (await loadSecrets(undefined, data_dir)).forGroup("default");
  const bus = stack.use(await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 3_000, log: createLog("test", "silent") }, signal));
  const events: JobEvent[] = [];
  stack.use(work(bus, {
    stream: STREAMS.job_events, durable: "test", filter: subjects.allJobEvents, concurrency: 1, ack_wait_ms: 10_000,
    handle: async (payload) => void events.push(JobEvent.parse(payload)),
  }));
  const owned = stack.move();
  return {
    nats, bus, data_dir, settings, events,
    send: async (command) => {
      await prepareQueue(bus, command.group); // as a gateway does
      return bus.enqueue(command);
    },
    ended: (jobId) => until(`the end of job ${jobId}`, () => events.find((event) => event.job_id === jobId && event.type !== "started" && event.type !== "handed_back"), { timeout_ms: 60_000 }),
    startExecutor: () => hostService(startExecutor, config, { name: "executor" }, signal),
    ...commands(secrets),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export const LOCAL: StorageRef = { name: "local", config_sealed: null };
const created_at = new Date().toISOString();
const limits = { time_s: 600, stall_s: 60 };

function commands(secrets: Secrets): Pick<Rig, "storageIn" | "seal" | "backupCommand" | "restoreCommand" | "verifyCommand" | "checkCommand" | "copyCommand" | "deleteCommand"> {
  const common = (id: number) => ({ job_id: id, created_at, group: "default", cleanup_only: false, limits });
  return {
    storageIn: (name, root) => ({ name, config_sealed: secrets.seal(JSON.stringify({ type: "local", id: name, root }), STORAGE_CONTEXT) }),
    seal: (server, db_name, changes = {}) => ({
      type: server.engine, host: server.host, port: server.port, username: server.username, db_name, ssl_mode: "prefer", ssl_ca: null,
      password_sealed: secrets.seal(server.password, CONNECTION_CONTEXT), ...changes,
    }),
    backupCommand: (id, connection, changes = {}) => ({
      ...common(id), kind: "backup", backup_id: id, user_id: 1, database: { id: 1, name: "test" }, connection,
      format: connection.type === "postgresql" ? "custom" : "sql", compression: "zstd", recipients: [], trigger: "manual", jobs: 1, globals: false, storages: [LOCAL],
      stem: artifactStem({ type: connection.type, name: connection.db_name, created_at: new Date(created_at), backup_id: id }), ...changes,
    }),
    restoreCommand: (id, source, connection, changes = {}) => ({
      ...common(id), kind: "restore", restore_id: id, source, safety: null, identities_sealed: null, target: { connection, must_be_new: false }, ...changes,
    }),
    verifyCommand: (id, source, expected, connection, changes = {}) => ({
      ...common(id), kind: "verify", verification_id: id, source, identities_sealed: null, expected, target: { connection: { ...connection, db_name: scratchName(id) } }, ...changes,
    }),
    checkCommand: (id, source, changes = {}) => ({ ...common(id), kind: "check", check_id: id, source, identities_sealed: null, ...changes }),
    copyCommand: (id, source, target, changes = {}) => ({ ...common(id), kind: "copy", copy_id: id, backup_id: source.backup_id, source, target, replace: true, ...changes }),
    deleteCommand: (id, { backup_id, storages, stem }) => ({ ...common(id), kind: "delete", backup_id, storages, stem }),
  };
}

const chance = randomBytes(4).toString("hex");

/** What the gateway would have called the scratch database. */
export const scratchName = (id: number): string => `${SCRATCH_PREFIX}${id}_${chance}`;

/** What the catalog would remember of a completed backup. */
export function refOf(command: BackupCommand, event: JobEvent): ArtifactRef {
  if (event.type !== "completed" || event.result.kind !== "backup") throw new Error(`not a completed backup: ${JSON.stringify(event)}`);
  const { sha256, size_bytes } = event.result;
  return { backup_id: command.backup_id, type: command.connection.type, copies: command.storages, stem: command.stem, sha256, size_bytes };
}
