import { type BackupResult, type Command, type CopyState, type DeliveryEvent, type Failure, type JobEvent, NOTICE_KINDS, STREAMS, commandConsumerOf, subjects, type EngineType, type Notice, type NotificationCommand, type UiEvent, CancelRequest } from "@safebase/contracts";
import { acquireLease, Bus, createLog, loadConfig, Secrets, STORAGE_CONTEXT, work, type Config, type Lease } from "@safebase/runtime";
import { freshDatabase, startNats, tempDir, until, type NatsServer } from "@safebase/testing";
import { StoragePool } from "@safebase/storage";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Registry } from "prom-client";
import { inject } from "vitest";
import { insertDatabase } from "../catalog/databases.ts";
import { openCatalog, type CatalogDialect } from "../catalog/open.ts";
import { createBackup } from "../backups/create.ts";
import { getBackup } from "../backups/get.ts";
import type { BackupDetails } from "../backups/view.ts";
import type { Database, Status } from "../catalog/schema.ts";
import { getRestore } from "../restores/get.ts";
import type { RestoreView } from "../restores/view.ts";
import type { Db } from "../catalog/scope.ts";
import { createOutcomeMetrics } from "../metrics/outcomes.ts";
import { registerStanding } from "../metrics/standing.ts";
import type { Actor, Core, Deps } from "./deps.ts";
import { PhaseLog } from "./phase-log.ts";
import { ProgressBoard } from "./progress.ts";
import { startJobs } from "./start.ts";

/** A catalog, a NATS of its own, and two users; gateways and executors are started by the test. */
export interface Rig extends AsyncDisposable {
  readonly core: Core;
  readonly db: Db;
  readonly metrics: Registry;
  readonly nats: NatsServer;
  readonly ann: Actor;
  readonly bob: Actor;
  database(type: EngineType, owner?: Actor): Promise<Database>;
  /** Starts a gateway's jobs; disposal stops it. */
  gateway(): Deps & AsyncDisposable;
  /** Takes commands from the queue by hand. */
  executor(): Executor;
  /** Waits until one of Ann's backups or restores has a status. */
  backupIs(id: number, status: Status): Promise<BackupDetails>;
  restoreIs(id: number, status: Status): Promise<RestoreView>;
  /** Lets one backup of a database be made. */
  completedBackup(gateway: Deps, executor: Executor, database: Database): Promise<BackupDetails>;
  /** All that was told to notifiers, browsers and executors so far. */
  readonly told: { notices: Notice[]; ui: UiEvent[]; cancels: number[] };
}

export async function startRig(dialect: CatalogDialect, settings: Partial<Config> = {}): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await startNats());
  const log = createLog("test", "silent");
  const config: Config = { ...loadConfig({}), reconcile_s: 1, dumps_per_server: 8, ...settings };
  const bus = stack.use(await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 3_000, log }, new AbortController().signal));
  const { db } = stack.use(await openCatalog(await emptyCatalog(dialect, stack)));
  const metrics = new Registry();
  const secrets = new Secrets(Buffer.alloc(32, 1));
  const storages = new StoragePool({ local_root: join(stack.use(await tempDir("artifacts")).path, "artifacts"), unseal: (sealed) => secrets.open(sealed, STORAGE_CONTEXT) });
  const core: Core = { db, bus, log, config, secrets, storages, outcomes: createOutcomeMetrics(metrics, db), now: () => new Date() };
  registerStanding(metrics, core, 0);
  const told = listen(core, await addChannel(db), stack);
  const [ann, bob] = [await addActor(db, "ann@example.org"), await addActor(db, "bob@example.org")];
  const asked = { ...core, progress: stack.use(new ProgressBoard(core, stack.use(new PhaseLog(core)))) };
  const owned = stack.move();
  const backupIs = (id: number, status: Status) => until(`backup ${id} to be ${status}`, async () => {
    const backup = await getBackup(asked, ann, { id });
    return backup.status === status && backup;
  });
  return {
    core, metrics, db, nats, ann, bob, told, backupIs,
    restoreIs: (id, status) => until(`restore ${id} to be ${status}`, async () => {
      const restore = await getRestore(asked, ann, { id });
      return restore.status === status && restore;
    }),
    completedBackup: async (gateway, executor, database) => {
      const { id } = await createBackup(gateway, ann, { database_id: database.id });
      await (await executor.take()).complete();
      return backupIs(id, "completed");
    },
    database: (type, owner = ann) => addDatabase(db, type, owner),
    gateway: () => startGateway(core, owned),
    executor: () => new Executor(bus, owned),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function startGateway(core: Core, stack: AsyncDisposableStack): Deps & AsyncDisposable {
  const jobs = stack.use(startJobs(core));
  return { ...core, dispatcher: jobs.dispatcher, progress: jobs.progress, background: jobs.background, [Symbol.asyncDispose]: () => jobs[Symbol.asyncDispose]() };
}

async function emptyCatalog(dialect: CatalogDialect, stack: AsyncDisposableStack): Promise<string> {
  if (dialect === "sqlite") return `sqlite:${stack.use(await tempDir("jobs")).path}/catalog.db`;
  const { username, password, host, port, db_name } = stack.use(await freshDatabase(inject("postgres"), "jobs"));
  return `postgres://${username}:${password}@${host}:${port}/${db_name}`;
}

/** The notifier of this channel, browsers and executors. Channels that a test makes are left to it. */
function listen(core: Core, channelId: number, stack: AsyncDisposableStack): Rig["told"] {
  const told: Rig["told"] = { notices: [], ui: [], cancels: [] };
  stack.use(work(core.bus, {
    stream: STREAMS.notifications, durable: "test-notifier", filter: subjects.notificationsOf(channelId), concurrency: 1, ack_wait_ms: 5_000,
    handle: async (payload) => {
      const { notice, notification_id, channel_id } = payload as NotificationCommand;
      told.notices.push(notice);
      await deliver(core.bus, { notification_id, channel_id });
    },
  }));
  stack.use(core.bus.listen(subjects.ui, (payload) => told.ui.push(payload as UiEvent)));
  stack.use(core.bus.listen(subjects.cancel, (payload) => told.cancels.push(CancelRequest.parse(payload).job_id)));
  return told;
}

/** Says what a notifier says of a try. */
export async function deliver(bus: Bus, about: Pick<DeliveryEvent, "notification_id" | "channel_id"> & Partial<DeliveryEvent>): Promise<void> {
  const event: DeliveryEvent = {
    at: new Date().toISOString(), outcome: "delivered", attempt: 1, group_id: "g", group_size: 1, answer: "HTTP 200", error: null, next_try_at: null, ...about,
  };
  await bus.publish(subjects.delivery(about.notification_id), event, { signal: AbortSignal.timeout(10_000) });
}

/** One that is told of everything. */
async function addChannel(db: Db): Promise<number> {
  const at = new Date().toISOString();
  const { id } = await db.insertInto("channels").values({
    user_id: null, name: "everything", type: "webhook", config_sealed: "-", target: "-", events: JSON.stringify(NOTICE_KINDS), database_ids: null, all_users: 1,
    language: "en", group_s: 0, source: "configuration", created_at: at, updated_at: at,
  }).returning("id").executeTakeFirstOrThrow();
  return id;
}

async function addActor(db: Db, email: string): Promise<Actor> {
  const { id } = await db.insertInto("users").values({ email, password_hash: "-", role: "user", created_at: new Date().toISOString() })
    .returning("id").executeTakeFirstOrThrow();
  return { user_id: id, email, role: "user", scope: { user_id: id }, ip: "127.0.0.1" };
}

let ports = 20_000;

async function addDatabase(db: Db, type: EngineType, owner: Actor): Promise<Database> {
  const now = new Date().toISOString();
  return insertDatabase(db, {
    user_id: owner.user_id, name: "My shop", type, host: "db.example.org", port: ports++, username: "u", password_sealed: "sealed", db_name: "shop",
    ssl_mode: "prefer", ssl_ca: null, executor_group: "default", created_at: now, updated_at: now, deleted_at: null,
  });
}

/** Does by hand what an executor does on the bus: takes commands, holds leases, says what happened. */
export class Executor implements AsyncDisposable {
  readonly #taken: Run[] = [];
  readonly #work: AsyncDisposable;

  constructor(bus: Bus, stack: AsyncDisposableStack) {
    this.#work = stack.use(work(bus, {
      stream: STREAMS.commands, durable: commandConsumerOf("default"), filter: subjects.commandsOf("default"), concurrency: 4, ack_wait_ms: 2_000,
      handle: async (payload, _deliveries, signal) => {
        const run = new Run(bus, payload as Command);
        this.#taken.push(run);
        const stopped = Promise.withResolvers<never>();
        signal.addEventListener("abort", () => stopped.reject(new Error("the executor stops")), { once: true });
        await Promise.race([run.done, stopped.promise]);
      },
    }));
  }

  /** The next command that comes. */
  async take(what = "a command"): Promise<Run> {
    return until(what, () => this.#taken.shift());
  }

  /** Commands that came and were not taken yet. */
  get waiting(): Command[] {
    return this.#taken.map((run) => run.command);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#work[Symbol.asyncDispose]();
  }
}

type Told = JobEvent extends infer E ? E extends JobEvent ? Omit<E, "job_id" | "kind" | "run_id" | "executor_id" | "at"> : never : never;

export class Run {
  readonly command: Command;
  readonly run_id = randomUUID();
  readonly #bus: Bus;
  readonly #end = Promise.withResolvers<void>();
  #lease: Lease | undefined;

  constructor(bus: Bus, command: Command) {
    this.#bus = bus;
    this.command = command;
  }

  get done(): Promise<void> { return this.#end.promise; }

  async start(): Promise<void> {
    this.#lease = await acquireLease(this.#bus, this.command, { run_id: this.run_id, executor_id: "hand" });
    if (this.#lease === undefined) throw new Error("another holds the lease");
    await this.say({ type: "started" });
  }

  /** Says what happened, without doing anything about queue and lease. */
  async say(event: Told): Promise<void> {
    const { job_id, kind } = this.command;
    const whole = { ...event, job_id, kind, run_id: this.run_id, executor_id: "hand", at: new Date().toISOString() };
    await this.#bus.publish(subjects.event("default", job_id, event.type), whole, { signal: AbortSignal.timeout(10_000) });
  }

  /** Ends as an executor ends: the event, then the lease, then the queue. */
  async end(event: Told): Promise<void> {
    await this.say(event);
    await this.die();
    this.#end.resolve();
  }

  /** Lets go of the lease and says nothing, as when the process was killed; the command stays in the queue. */
  async die(): Promise<void> {
    await this.#lease?.[Symbol.asyncDispose]();
    this.#lease = undefined;
  }

  /** `changes`: what a backup's result says otherwise. */
  complete(changes: Partial<BackupResult> = {}): Promise<void> {
    const { command } = this;
    if (command.kind === "delete") return this.end({ type: "completed", result: { kind: "delete" } });
    if (command.kind === "backup") return this.end({ type: "completed", result: { ...resultOf(command.stem, command.recipients), ...changes } });
    if (command.kind === "verify") return this.end({ type: "completed", result: { kind: "verify", tables: 1, rows: 3, differences: [], warnings: [], passed_over: [] } });
    if (command.kind === "check") return this.found("good", null);
    if (command.kind === "copy") return this.end({ type: "completed", result: { kind: "copy", passed_over: [] } });
    return this.end({ type: "completed", result: { kind: "restore", db_name: command.target.connection.db_name, replaced: true, warnings: [], passed_over: [] } });
  }

  /** Ends a check with what all copies were found to be. */
  found(state: CopyState, detail: string | null): Promise<void> {
    if (this.command.kind !== "check") throw new Error(`a ${this.command.kind} finds nothing`);
    const copies = this.command.source.copies.map(({ name: storage }) => ({ storage, state, detail }));
    return this.end({ type: "completed", result: { kind: "check", ok: state === "good", copies } });
  }

  fail(code: Failure["code"], message: string): Promise<void> {
    return this.end({ type: "failed", failure: { code, message } });
  }
}

export function resultOf(stem: string, recipients: string[] = []): BackupResult {
  const at = new Date().toISOString();
  return {
    kind: "backup", key: `${stem}.dump.zst`, size_bytes: 12_345_678_901_234, raw_size_bytes: 99, sha256: "ab".repeat(32), parts: null, recipients, copies: [], server: "PostgreSQL 15.20",
    tool: "pg_dump 15.20", contents: { tables: [{ name: "public.a", rows: 3, exact: true }] }, warnings: [{ code: "w", message: "a warning" }],
    started_at: at, finished_at: at,
  };
}
