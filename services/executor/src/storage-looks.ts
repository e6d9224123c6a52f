import { asSafebaseError, type Failure, type StorageRef, type StorageReport } from "@safebase/contracts";
import { pause } from "@safebase/runtime";
import type { StoragePool } from "@safebase/storage";

/** The gateway waits for so much longer. */
const PATIENCE_MS = 45_000;

type Seen = StorageReport["storages"][number];

/** One look at a storage. A large one is listed for longer than anybody waits; who asks again gets what it comes to. */
interface Look {
  readonly ref: StorageRef;
  readonly done: Promise<void>;
  /** Objects that were listed so far. */
  objects: number;
  seen?: Seen;
  failure?: Failure;
}

/** Says how full storages are: each is looked at by itself, so that a slow one holds up no other, and never twice at once. */
export class StorageLooks {
  readonly #pool: Pick<StoragePool, "open">;
  readonly #patience_ms: number;
  readonly #open = new Map<string, Look>();

  constructor(pool: Pick<StoragePool, "open">, patience_ms = PATIENCE_MS) {
    this.#pool = pool;
    this.#patience_ms = patience_ms;
  }

  /** What there is to say within the patience. One that was listed on meanwhile is slow; one that was not does not answer. */
  async report(refs: readonly StorageRef[]): Promise<StorageReport> {
    const over = new AbortController();
    const patience = pause(this.#patience_ms, over.signal);
    const looks = await Promise.all(refs.map(async (ref) => {
      const look = this.#look(ref);
      const before = look.objects;
      await Promise.race([look.done, patience]);
      return { look, moved: look.objects > before };
    }));
    over.abort();
    return {
      storages: looks.flatMap(({ look }) => look.seen ?? []),
      problems: looks.flatMap(({ look, moved }) => {
        const failure = look.failure ?? (look.seen !== undefined || moved ? undefined : this.#silent());
        return failure === undefined ? [] : [{ storage: look.ref.name, failure }];
      }),
      at: new Date().toISOString(),
    };
  }

  #silent(): Failure {
    return { code: "storage_failed", message: `it has not answered for ${Math.round(this.#patience_ms / 1000)} s`, hint: "see whether its server runs, and whether the executors reach it" };
  }

  #look(ref: StorageRef): Look {
    const open = this.#open.get(ref.name);
    if (open !== undefined && open.ref.config_sealed === ref.config_sealed) return open;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const look: Look = { ref, done, objects: 0 };
    this.#open.set(ref.name, look);
    const end = (): void => {
      if (this.#open.get(ref.name) === look) this.#open.delete(ref.name);
      resolve();
    };
    void this.#measure(look).catch((error: unknown) => { look.failure = failureOf(error); }).then(end);
    return look;
  }

  async #measure(look: Look): Promise<void> {
    const storage = await this.#pool.open(look.ref);
    let used_bytes = 0;
    for await (const { size_bytes } of storage.list("")) {
      used_bytes += size_bytes;
      look.objects++;
    }
    const space = await storage.space();
    look.seen = { storage: look.ref.name, used_bytes, free_bytes: space?.free_bytes ?? null, total_bytes: space?.total_bytes ?? null };
  }
}

function failureOf(error: unknown): Failure {
  const { code, message, hint } = asSafebaseError(error);
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
