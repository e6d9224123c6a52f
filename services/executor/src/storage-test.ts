import { asSafebaseError, StorageTestRequest, type StorageRef, type StorageTestReply } from "@safebase/contracts";
import { openStorage, parseStorageConfig, probeStorage, type OpenOptions, type ProbeSteps, type StoragePool } from "@safebase/storage";

const PATIENCE_MS = 55_000;

export interface TestOptions {
  readonly pool: Pick<StoragePool, "open">;
  /** As the pool opens storages, but without trying again: whoever tests one wants to know now. */
  readonly open: OpenOptions;
  readonly unseal: (sealed: string) => string;
}

/** Tries a storage out. Answers failures too: it never throws. */
export async function testStorage(payload: unknown, options: TestOptions): Promise<StorageTestReply> {
  const from_ms = performance.now();
  const { steps, error } = await tryOut(payload, options).catch((cause: unknown): ProbeSteps => ({ steps: [], error: asSafebaseError(cause) }));
  const elapsed_ms = Math.round(performance.now() - from_ms);
  if (error === undefined) return { steps: [...steps], elapsed_ms, failure: null };
  const { code, message, hint } = error;
  return { steps: [...steps], elapsed_ms, failure: { code, message, ...(hint === undefined ? {} : { hint }) } };
}

async function tryOut(payload: unknown, { pool, open, unseal }: TestOptions): Promise<ProbeSteps> {
  const { storage } = StorageTestRequest.parse(payload);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  if (storage.config_sealed === null) return probeStorage(await pool.open(storage), { signal });
  return probeOpened({ ...storage, config_sealed: storage.config_sealed }, { open, unseal }, signal);
}

async function probeOpened({ name, config_sealed }: StorageRef & { config_sealed: string }, { open, unseal }: Omit<TestOptions, "pool">, signal: AbortSignal): Promise<ProbeSteps> {
  const config = parseStorageConfig({ ...JSON.parse(unseal(config_sealed)) as object, id: name });
  return probeStorage(await openStorage(config, open), { signal, locked: config.type === "s3" && config.lock_mode !== undefined });
}
