import { parseStem, sweep } from "@safebase/artifact";
import { subjects, type StorageReport } from "@safebase/contracts";
import { heldStems, pause, type Bus, type Config, type Log } from "@safebase/runtime";
import type { Storage } from "@safebase/storage";

export interface UpkeepOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly config: Pick<Config, "executor_group" | "sweep_grace_s">;
  readonly storages: () => Promise<Storage[]>;
}

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
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      told = new AbortController();
      await sweepAll(options, grace_ms);
      await pause(PATIENCE * grace_ms, AbortSignal.any([stopping.signal, told.signal]));
      if (told.signal.aborted) await pause(Math.random() * SPREAD * grace_ms, stopping.signal);
    }
  };
  const stack = new AsyncDisposableStack();
  const running = loop();
  stack.defer(() => { stopping.abort(); return running; });
  stack.use(bus.listen(subjects.sweep, () => told.abort()));
  stack.use(await bus.respond(subjects.storageReport(config.executor_group), "executors", () => report(options)));
  return stack;
}

async function sweepAll({ bus, log, storages }: UpkeepOptions, grace_ms: number): Promise<void> {
  const isHeld = async (backup_id: number): Promise<boolean> => [...await heldStems(bus)].some((stem) => parseStem(stem)?.backup_id === backup_id);
  try {
    for (const storage of await storages()) {
      const removed = await sweep(storage, { isHeld, grace_ms });
      if (removed.length > 0) log.warn({ storage: storage.id, removed }, "removed what interrupted jobs left in the storage");
    }
  } catch (err) {
    log.warn({ err }, "the storage could not be swept, the next time follows");
  }
}

async function report({ storages }: UpkeepOptions): Promise<StorageReport> {
  const reports = (await storages()).map(async (storage) => {
    let used_bytes = 0;
    for await (const { size_bytes } of storage.list("")) used_bytes += size_bytes;
    const space = await storage.space();
    return { storage: storage.id, used_bytes, free_bytes: space?.free_bytes ?? null, total_bytes: space?.total_bytes ?? null };
  });
  return { storages: await Promise.all(reports), at: new Date().toISOString() };
}
