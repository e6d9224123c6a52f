import { BUCKETS, SafebaseError, streamOf, type Command } from "@safebase/contracts";
import type { KV } from "@nats-io/kv";
import { z } from "zod";
import { readBucket } from "./bucket.ts";
import { isConflict, type Bus } from "./bus.ts";
import { pause } from "./lifecycle.ts";
import { lastOf, subjectsIn } from "./queue.ts";

/** Who holds a lease; `stem` names the artifact that the run may be writing. */
const Holder = z.object({ run_id: z.string(), executor_id: z.string(), stem: z.string().optional() });
type Holder = z.infer<typeof Holder>;

/** The right to work on a job: at most one run holds it. Renewed by itself until released or lost. */
export interface Lease extends AsyncDisposable {
  /** Aborts when the lease is lost for certain: another run holds it. */
  readonly lost: AbortSignal;
  /** Returns when the lease is ours at this moment, waiting for NATS for up to `patience_ms`. Throws `lease_lost`. */
  confirm(patience_ms: number): Promise<void>;
}

const RETRY_MS = 500;

/** By group, so that an executor can be let take leases of its own group's jobs alone. */
const keyOf = ({ group, job_id }: LeasedJob): string => `${group}.job.${job_id}`;

type LeasedJob = Pick<Command, "group" | "job_id">;

/** Takes the lease of a job, or undefined when another run holds it. */
export async function acquireLease(bus: Bus, job: LeasedJob, holder: Holder): Promise<Lease | undefined> {
  const lease = new KvLease(bus, job, JSON.stringify(holder), holder.run_id);
  if (!(await lease.renew())) return undefined;
  lease.start();
  return lease;
}

/** Is the lease of this job held? */
export type IsHeld = (job: LeasedJob) => boolean;

/** The leases that are held now. One under another group's key counts for nothing: whoever wrote it may not hold it. */
export async function heldLeases(bus: Bus): Promise<IsHeld> {
  const { writes } = await readBucket(bus, BUCKETS.leases);
  const keys = new Set(writes.flatMap(({ key, text }) => (text === null ? [] : [key])));
  return (job) => keys.has(keyOf(job));
}

/** Stems of the artifacts that may be being written now, by any group. Without a consumer, which executors may not make. */
export async function heldStems(bus: Bus): Promise<Set<string>> {
  const stream = streamOf(BUCKETS.leases);
  const stems = new Set<string>();
  for (const key of await subjectsIn(bus, stream, `$KV.${BUCKETS.leases}.>`)) {
    const stem = stemIn((await lastOf(bus, stream, key))?.text);
    if (stem !== undefined) stems.add(stem);
  }
  return stems;
}

function stemIn(text = ""): string | undefined {
  if (text === "") return undefined; // it was released
  try {
    return Holder.parse(JSON.parse(text)).stem;
  } catch {
    return undefined; // no executor of this version wrote it
  }
}

class KvLease implements Lease {
  readonly #bus: Bus;
  readonly #key: string;
  readonly #jobId: number;
  readonly #body: string;
  readonly #runId: string;
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  #revision = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #renewing: Promise<void> = Promise.resolve();

  constructor(bus: Bus, job: LeasedJob, body: string, runId: string) {
    this.#bus = bus;
    this.#key = keyOf(job);
    this.#jobId = job.job_id;
    this.#body = body;
    this.#runId = runId;
  }

  get lost(): AbortSignal { return this.#lost.signal; }

  start(): void {
    this.#renewing = this.#keep();
  }

  /** True when the lease is ours after the call. Throws when NATS does not answer. One at a time. */
  renew(): Promise<boolean> {
    const turn = this.#turn.then(() => this.#bus.withBucket(BUCKETS.leases, (kv) => this.#take(kv)));
    this.#turn = turn.catch(() => undefined); // whoever waits for `turn` is told
    return turn;
  }

  async #take(kv: KV): Promise<boolean> {
    for (let attempt = 1; attempt <= 5; attempt++) {
      try {
        this.#revision = this.#revision === 0
          ? await kv.create(this.#key, this.#body)
          : await kv.update(this.#key, this.#body, this.#revision);
        return true;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
      // Somebody else has it or had it, or the bucket was lost with our revision, or an earlier try arrived after all.
      const entry = await kv.get(this.#key);
      if (entry === null) this.#revision = 0;
      else if (entry.operation !== "PUT") return false;
      else if (Holder.parse(entry.json()).run_id === this.#runId) this.#revision = entry.revision;
      else return false;
    }
    throw new Error(`the lease of job ${this.#jobId} keeps changing`);
  }

  async confirm(patience_ms: number): Promise<void> {
    const deadline = Date.now() + patience_ms;
    for (;;) {
      if (this.#lost.signal.aborted) throw lostError(this.#jobId);
      try {
        if (await this.renew()) return;
        this.#lost.abort(lostError(this.#jobId));
      } catch (cause) {
        if (Date.now() > deadline) throw new SafebaseError("lease_lost", `NATS did not confirm the lease of job ${this.#jobId} in time`, { cause });
        await pause(RETRY_MS, this.#stop.signal);
      }
    }
  }

  async #keep(): Promise<void> {
    let wait_ms = this.#bus.lease_ttl_ms / 3;
    while (!this.#lost.signal.aborted) {
      await pause(wait_ms, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      wait_ms = this.#bus.lease_ttl_ms / 3;
      try {
        if (!(await this.renew())) this.#lost.abort(lostError(this.#jobId));
      } catch (err) {
        wait_ms = Math.min(RETRY_MS, wait_ms); // it runs out soon: ours again as soon as NATS is back
        this.#bus.log.debug({ err, job_id: this.#jobId }, "a lease could not be renewed, trying again");
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#renewing;
    if (this.#lost.signal.aborted || this.#bus.nc.isClosed()) return;
    try {
      await this.#bus.withBucket(BUCKETS.leases, (kv) => kv.delete(this.#key, { previousSeq: this.#revision }));
    } catch (err) {
      this.#bus.log.debug({ err, job_id: this.#jobId }, "a lease was not released, it runs out by itself");
    }
  }
}

function lostError(jobId: number): SafebaseError {
  return new SafebaseError("lease_lost", `another executor has taken over job ${jobId}`);
}
