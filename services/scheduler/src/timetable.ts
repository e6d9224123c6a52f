import { EventEmitter } from "node:events";
import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { lastPlanned, nextPlanned, type Log, type Plan } from "@safebase/runtime";
import Bree from "bree";

const OVERDUE_MS = 2_000;
const YIELD_EVERY = 100;

interface Slot {
  readonly plan: Plan;
  /** `date` is the planned time that it is armed for. */
  readonly job: Bree.JobOptions & { date: Date };
  told: boolean;
}

/**
 * One Bree job for each distinct plan, armed for its next planned time. The times are not Bree's own: its parser takes
 * day 7 for Saturday, is an hour off after a change of the clocks, and skips what is less than a second away.
 */
export class Timetable implements AsyncDisposable {
  readonly #bree: Bree;
  readonly #slots = new Map<string, Slot>();
  readonly #onDue: (key: string, plannedAt: Date) => void;
  readonly #log: Log;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  /** `onDue` is called with the plan's key and the time that was planned. It must not throw. */
  constructor(log: Log, onDue: (key: string, plannedAt: Date) => void) {
    this.#log = log;
    this.#onDue = onDue;
    this.#bree = new Bree({ root: false, logger: false, jobs: [], workerMessageHandler: ({ name }) => this.#tell(name) });
    this.#bree.createWorker = () => new RightHere() as unknown as Worker;
    this.#bree.on("worker deleted", (key: string) => void this.#inTurn(() => this.#next(key)));
  }

  /** Number of distinct plans that are armed. */
  get size(): number {
    return this.#slots.size;
  }

  /** No planned time before this one is still to be told of. */
  get earliest_ms(): number {
    return Array.from(this.#slots.values(), ({ job }) => job.date.getTime()).reduce((least, each) => Math.min(least, each), Infinity);
  }

  /** Makes these plans, and no others, the ones that are armed, new ones for after `now`. A plan that already is keeps its time. */
  set(plans: ReadonlyMap<string, Plan>, now: Date): Promise<void> {
    return this.#inTurn(async () => {
      let changes = 0;
      const breathe = async (): Promise<void> => { if (++changes % YIELD_EVERY === 0) await yieldToOthers(); };
      for (const key of this.#slots.keys()) if (!plans.has(key)) await this.#remove(key).then(breathe);
      for (const [key, plan] of plans) if (!this.#slots.has(key)) await this.#add(key, plan, now).then(breathe);
    });
  }

  /** Timers stand still while the machine sleeps and know nothing of a clock that was set: runs what should have been. */
  runOverdue(now: Date): Promise<void> {
    return this.#inTurn(async () => {
      for (const [key, { job, told }] of this.#slots) {
        if (told || this.#bree.workers.has(key) || job.date.getTime() + OVERDUE_MS > now.getTime()) continue;
        await this.#bree.stop(key);
        await this.#bree.run(key);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inTurn(async () => {
      this.#closed = true;
      for (const key of this.#slots.keys()) await this.#remove(key);
    });
  }

  /** One change at a time: Bree's own are asynchronous and refuse what is half done. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(() => (this.#closed ? undefined : act()));
    this.#turn = turn.catch((err: unknown) => this.#log.error({ err }, "the timetable could not be changed"));
    return this.#turn;
  }

  async #add(key: string, plan: Plan, after: Date): Promise<void> {
    const date = this.#nextOf(key, plan, after);
    if (date === undefined) return;
    const job = { name: key, path: nothingMore, date };
    await this.#bree.add(job);
    this.#slots.set(key, { plan, job, told: false });
    await this.#start(key, date);
  }

  async #next(key: string): Promise<void> {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    const date = this.#nextOf(key, slot.plan, slot.job.date);
    if (date === undefined) return this.#remove(key);
    slot.job.date = date;
    slot.told = false;
    await this.#start(key, date);
  }

  /** Of several that have passed, while this process or its machine slept, the newest stands for all. */
  #nextOf(key: string, plan: Plan, after: Date): Date | undefined {
    const next = nextPlanned(plan, after);
    if (next === undefined) this.#log.warn({ plan: key }, "a plan has no more times");
    return next === undefined || next.getTime() > Date.now() ? next : lastPlanned(plan, new Date());
  }

  /** Bree drops a date that has passed; such a one is due now. */
  async #start(key: string, date: Date): Promise<void> {
    await (date.getTime() > Date.now() ? this.#bree.start(key) : this.#bree.run(key));
  }

  async #remove(key: string): Promise<void> {
    this.#slots.delete(key);
    await this.#bree.remove(key);
  }

  #tell(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined || slot.told) return;
    slot.told = true;
    this.#onDue(key, slot.job.date);
  }
}

/** What Bree calls a job's file; see `RightHere`. */
function nothingMore(): void {
  // The work is done by those who are told.
}

/**
 * Takes the place of the thread that Bree starts for a job. All that a plan's job has to do is to say that its time has
 * come: hundreds of threads for that, at midnight, would take seconds and 10 MB each.
 */
class RightHere extends EventEmitter {
  constructor() {
    super();
    setImmediate(() => {
      this.emit("message", "due");
      this.emit("exit", 0);
    });
  }

  postMessage(): void { /* It ends by itself at once, so there is nothing to cancel. */ }
}
