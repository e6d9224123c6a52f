import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { BUCKETS, CancelRequest, subjects, type ExecutorHeartbeat } from "@safebase/contracts";
import { STORAGE_CONTEXT, VERSION, beat, createStorageMetrics, createTargets, loadGroupSecrets, mayDrain, pause, queueOf, work, type Log, type StartService, type Worker } from "@safebase/runtime";
import { StoragePool } from "@safebase/storage";
import { discoverClients } from "./clients/index.ts";
import { listDatabases } from "./jobs/list-databases.ts";
import { probe } from "./jobs/probe.ts";
import { Receipts } from "./jobs/receipts.ts";
import { createRunner } from "./jobs/runner.ts";
import { RunningJobs } from "./jobs/running.ts";
import { removeStaleWork, workFolderName } from "./jobs/stale-work.ts";
import { unseal } from "./jobs/unseal.ts";
import { keepUp } from "./upkeep.ts";
import { testStorage } from "./storage-test.ts";
import { createExecutorMetrics } from "./metrics.ts";

/**
 * Takes commands of its group from the queue and runs them; answers probes. Holds no state that NATS or a disk could lose
 * for it. Told to end it takes nothing more, lets what runs go on for a while, and hands the rest back.
 */
export const startExecutor: StartService = async (config, { bus, log, metrics }, signal) => {
  const secrets = await loadGroupSecrets(config);
  const { lookup } = createTargets(config.allowed_targets);
  const unsealConfig = (sealed: string): string => secrets.open(sealed, STORAGE_CONTEXT);
  const folder = join(config.data_dir, "executor");
  const executor_id = `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`.replace(/[^A-Za-z0-9_-]/g, "-");
  const receipts = new Receipts(join(folder, "receipts"));
  const work_root = join(folder, "work");
  await receipts.prune();
  await removeStaleWork(work_root);
  const temp_dir = join(work_root, workFolderName(executor_id));
  await mkdir(temp_dir, { recursive: true, mode: 0o700 });
  const pool = new StoragePool({ local_root: join(config.data_dir, "artifacts"), unseal: unsealConfig, lookup, spool_dir: temp_dir, meters: createStorageMetrics(metrics), log });
  const running = new RunningJobs();
  const started_at = new Date().toISOString();
  const meters = createExecutorMetrics(metrics, running, config);
  let draining = false;

  await using stack = new AsyncDisposableStack();
  stack.use(bus.listen(subjects.cancel, (payload) => running.cancel(CancelRequest.parse(payload).job_id)));
  stack.use(await bus.respond(subjects.probe(config.executor_group), "executors", async (payload) => {
    const reply = await probe(payload, (sealed) => unseal(secrets, sealed), config.client_dirs);
    meters.probes.inc({ outcome: reply.ok ? "ok" : reply.failure.code });
    return reply;
  }));
  stack.use(await bus.respond(subjects.databases(config.executor_group), "executors", (payload) => listDatabases(payload, (sealed) => unseal(secrets, sealed))));
  stack.use(await bus.respond(subjects.storageTest(config.executor_group), "executors", (payload) => testStorage(payload, { pool, open: { lookup, spool_dir: temp_dir }, unseal: unsealConfig })));
  const heartbeat = stack.use(beat(bus, BUCKETS.executors, `${config.executor_group}.${executor_id}`, async () => {
    const clients = (await discoverClients(config.client_dirs)).map(({ program, version }) => ({ name: program, version }));
    const said: ExecutorHeartbeat = {
      executor_id, host: hostname(), group: config.executor_group, version: VERSION, clients, running_jobs: running.ids, started_at, at: new Date().toISOString(),
      concurrency: config.executor_concurrency, ...(draining ? { draining } : {}),
    };
    return said;
  }));
  stack.use(await keepUp({ bus, log, config, pool }));
  stack.defer(() => rm(temp_dir, { recursive: true, force: true }));
  const worker = stack.use(work(bus, {
    ...queueOf(bus, config.executor_group), concurrency: config.executor_concurrency,
    handle: createRunner({ bus, group: config.executor_group, log, secrets, executor_id, client_dirs: config.client_dirs, parallel_threshold_bytes: config.parallel_threshold_bytes, temp_dir, receipts, running, storages: pool, spool_bytes: config.spool_bytes }),
  }));
  stack.defer(async () => {
    draining = true;
    heartbeat.again();
    if (mayDrain(signal)) await drain(worker, config.drain_s, log);
  });
  const owned = stack.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

async function drain(worker: Worker, limit_s: number, log: Log): Promise<void> {
  log.info({ limit_s }, "takes nothing more; what runs may end");
  const over = new AbortController();
  await Promise.race([worker.drain(), pause(limit_s * 1000, over.signal)]);
  over.abort();
}
