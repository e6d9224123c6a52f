import { createHash } from "node:crypto";
import { LOCAL_STORAGE, SafebaseError, type StorageRef } from "@safebase/contracts";
import { withLog, type StorageLog } from "./decorators/log.ts";
import { withMetrics, type StorageMeters } from "./decorators/metrics.ts";
import { withRetry } from "./decorators/retry.ts";
import { openStorage, parseStorageConfig, type OpenOptions, type StorageConfig } from "./registry.ts";
import type { Storage } from "./storage.ts";

export type PoolOptions = OpenOptions & {
  /** Where the local storage lies on this machine. */
  local_root: string;
  /** Gives the JSON of a config that was sealed. */
  unseal: (sealed: string) => string;
  meters?: StorageMeters | undefined;
  log?: StorageLog | undefined;
};

/** The storages that commands name, opened when they are first asked for; they try again what may pass. */
export class StoragePool {
  readonly #options: PoolOptions;
  /** By name, with a digest of the config: the same one may be sealed in many ways. */
  readonly #opened = new Map<string, { digest: string; storage: Promise<Storage> }>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * The storage, opened anew when its config has changed: the old one is forgotten, and closes its connections when
   * whoever uses it has ended. What could not be opened is tried again the next time.
   */
  async open({ name, config_sealed }: StorageRef): Promise<Storage> {
    const json = config_sealed === null ? null : this.#options.unseal(config_sealed);
    const digest = createHash("sha256").update(json ?? "").digest("base64");
    const known = this.#opened.get(name);
    if (known !== undefined && known.digest === digest) return known.storage;
    const storage = this.#connect(name, json);
    this.#opened.set(name, { digest, storage });
    storage.catch(() => { if (this.#opened.get(name)?.storage === storage) this.#opened.delete(name); });
    return storage;
  }

  async #connect(name: string, json: string | null): Promise<Storage> {
    const { spool_dir, lookup, meters, log } = this.#options;
    let storage = withRetry(await openStorage(configOf(name, json, this.#options.local_root), { spool_dir, lookup }));
    if (meters !== undefined) storage = withMetrics(storage, meters);
    return log === undefined ? storage : withLog(storage, log);
  }
}

function configOf(name: string, json: string | null, local_root: string): StorageConfig {
  if (json !== null) return parseStorageConfig({ ...parse(name, json), id: name });
  if (name === LOCAL_STORAGE) return { type: "local", id: LOCAL_STORAGE, root: local_root };
  throw new SafebaseError("storage_failed", `nothing says how to reach the storage ${name}`);
}

function parse(name: string, json: string): object {
  try {
    return JSON.parse(json) as object;
  } catch {
    // What the parser says quotes what it read, and there are secrets in it.
    throw new SafebaseError("storage_refused", `the configuration of the storage ${name} cannot be read`, { hint: "save its configuration again" });
  }
}
