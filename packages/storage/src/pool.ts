import { LOCAL_STORAGE, SafebaseError, type StorageRef } from "@safebase/contracts";
import { openStorage, parseStorageConfig, type StorageConfig } from "./registry.ts";
import type { Storage } from "./storage.ts";

export type PoolOptions = {
  /** Where the local storage lies on this machine. */
  local_root: string;
  /** A folder for temporaries, as in OpenOptions. */
  spool_dir?: string | undefined;
  /** Gives the JSON of a config that was sealed. */
  unseal: (sealed: string) => string;
};

/** The storages that commands name, opened when they are first asked for. */
export class StoragePool {
  readonly #options: PoolOptions;
  readonly #opened = new Map<string, { sealed: string | null; storage: Promise<Storage> }>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** The storage, opened anew when its config has changed. What could not be opened is tried again the next time. */
  open({ name, config_sealed: sealed }: StorageRef): Promise<Storage> {
    const known = this.#opened.get(name);
    if (known !== undefined && known.sealed === sealed) return known.storage;
    const storage = this.#connect(name, sealed);
    this.#opened.set(name, { sealed, storage });
    storage.catch(() => { if (this.#opened.get(name)?.storage === storage) this.#opened.delete(name); });
    return storage;
  }

  async #connect(name: string, sealed: string | null): Promise<Storage> {
    return openStorage(this.#configOf(name, sealed), this.#options);
  }

  #configOf(name: string, sealed: string | null): StorageConfig {
    if (sealed !== null) return parseStorageConfig(JSON.parse(this.#options.unseal(sealed)));
    if (name === LOCAL_STORAGE) return { type: "local", id: LOCAL_STORAGE, root: this.#options.local_root };
    throw new SafebaseError("storage_failed", `nothing says how to reach the storage ${name}`);
  }
}
