import { parseStem, sweep } from "@safebase/artifact";
import { LOCAL_STORAGE, StorageReportRequest, subjects, SweepOrder, type StorageRef } from "@safebase/contracts";
import { heldStems, pause, type Bus, type Config, type Log } from "@safebase/runtime";
import type { StoragePool } from "@safebase/storage";
import { StorageLooks } from "./storage-looks.ts";

export interface UpkeepOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly config: Pick<Config, "executor_group" | "sweep_grace_s">;
  readonly pool: Pick<StoragePool, "open">;
}

const LOCAL: StorageRef = { name: LOCAL_STORAGE, config_sealed: null };

/** Executors that are told to sweep begin within this part of the grace: not all at once. */
const SPREAD = 0.1;
/** Who is not told to sweep, as when there is no scheduler, does it by himself after so many graces. */
const PATIENCE = 4;

/** Sweeps the storages, at the start and when it is told to, and says how full they are when it is asked; until disposal. */
export async function keepUp(options: UpkeepOptions): Promise<AsyncDisposable> {
  const { bus, config } = options;
  const grace_ms = config.sweep_grace_s * 1000;
  const stopping = new AbortController();
  let told = new AbortController();
  let storages: readonly StorageRef[] = [LOCAL]; // those that it was last told of
  const looks = new StorageLooks(options.pool);
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      told = new AbortController();
      await sweepAll(options, storages, grace_ms);
      await pause(PATIENCE * grace_ms, AbortSignal.any([stopping.signal, told.signal]));
      if (told.signal.aborted) await pause(Math.random() * SPREAD * grace_ms, stopping.signal);
    }
  };
  const stack = new AsyncDisposableStack();
  const running = loop();
  stack.defer(() => { stopping.abort(); return running; });
  stack.use(bus.listen(subjects.sweep(config.executor_group), (payload) => {
    storages = SweepOrder.parse(payload).storages;
    told.abort();
  }));
  stack.use(await bus.respond(subjects.storageReport(config.executor_group), "executors", async (payload) => looks.report(StorageReportRequest.parse(payload).storages)));
  return stack;
}

async function sweepAll(options: UpkeepOptions, storages: readonly StorageRef[], grace_ms: number): Promise<void> {
  await Promise.all(storages.map((ref) => sweepOne(options, ref, grace_ms)));
}

async function sweepOne({ bus, log, pool }: UpkeepOptions, ref: StorageRef, grace_ms: number): Promise<void> {
  const isHeld = async (backup_id: number): Promise<boolean> => [...await heldStems(bus)].some((stem) => parseStem(stem)?.backup_id === backup_id);
  try {
    const removed = await sweep(await pool.open(ref), { isHeld, grace_ms });
    if (removed.length > 0) log.warn({ storage: ref.name, removed }, "removed what interrupted jobs left in the storage");
  } catch (err) {
    log.warn({ err, storage: ref.name }, "the storage could not be swept, the next time follows");
  }
}
