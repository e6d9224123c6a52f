import { fileURLToPath } from "node:url";
import type { Log } from "@safebase/runtime";
import Bree from "bree";
import { nextPlanned, planKey, type Plan } from "./plan.ts";

const DUE_JOB = fileURLToPath(new URL("./due-job.ts", import.meta.url));
const OVERDUE_MS = 2_000;
const MAX_THREADS = 4; // each takes some 10 MB, and at midnight everything is due at once

interface Slot {
  readonly plan: Plan;
  planned_at: Date;
  told: boolean;
}

/**
 * One Bree job for each distinct plan, armed for its next planned time. The times are croner's, not Bree's own cron:
 * that takes day 7 for Saturday, is an hour off after a change of the clocks, and skips what is less than a second away.
 */
export class Timetable implements AsyncDisposable {
  readonly #bree: Bree;
  readonly #slots = new Map<string, Slot>();
  readonly #onDue: (key: string, plannedAt: Date) => void;
  readonly #log: Log;
  /** Plans whose time has come and that wait for a thread, the first first. */
  readonly #waiting = new Set<string>();
  readonly #run: Bree["run"];
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  /** `onDue` is called with the plan's key and the time that was planned. */
  constructor(log: Log, onDue: (key: string, plannedAt: Date) => void) {
    this.#log = log;
    this.#onDue = onDue;
    this.#bree = new Bree({
      root: false, logger: false, acceptedExtensions: [".ts"], jobs: [],
      workerMessageHandler: ({ name }) => this.#tell(name),
      errorHandler: (err, { name }) => log.error({ err, plan: name }, "a schedule's thread failed"),
    });
    this.#run = this.#bree.run;
    this.#bree.run = async (name = "") => { // its timers call this
      this.#waiting.add(name);
      this.#runWaiting();
    };
    this.#bree.on("worker deleted", (name: string) => {
      this.#runWaiting();
      void this.#inTurn(() => this.#next(name));
    });
  }

  /** Number of distinct plans that are armed. */
  get size(): number {
    return this.#slots.size;
  }

  /** Makes these plans, and no others, the ones that are armed. A plan that already is keeps its time. */
  set(plans: Iterable<Plan>): Promise<void> {
    const wanted = new Map([...plans].map((plan) => [planKey(plan), plan]));
    return this.#inTurn(async () => {
      for (const key of this.#slots.keys()) if (!wanted.has(key)) await this.#remove(key);
      const now = new Date();
      for (const [key, plan] of wanted) if (!this.#slots.has(key)) await this.#arm(key, plan, now);
      await this.#runOverdue();
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

  async #arm(key: string, plan: Plan, after: Date): Promise<void> {
    const planned_at = nextPlanned(plan, after, new Date());
    if (planned_at === undefined) return this.#log.warn({ plan: key }, "a schedule's time never comes");
    this.#slots.set(key, { plan, planned_at, told: false });
    await this.#bree.add({ name: key, path: DUE_JOB, date: planned_at, worker: { workerData: { planned_at: planned_at.toISOString() } } });
    // Bree drops a date that has passed; such a one is due now.
    await (planned_at.getTime() > Date.now() ? this.#bree.start(key) : this.#bree.run(key));
  }

  async #remove(key: string): Promise<void> {
    this.#slots.delete(key);
    this.#waiting.delete(key);
    await this.#bree.remove(key);
  }

  #runWaiting(): void {
    for (const key of this.#waiting) {
      if (this.#bree.workers.size >= MAX_THREADS) return;
      this.#waiting.delete(key);
      this.#run(key).catch((err: unknown) => this.#log.error({ err, plan: key }, "a schedule's thread could not be started"));
    }
  }

  #tell(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined || slot.told) return;
    slot.told = true;
    this.#onDue(key, slot.planned_at);
  }

  async #next(key: string): Promise<void> {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#tell(key); // even when the thread failed before it could
    await this.#remove(key);
    await this.#arm(key, slot.plan, slot.planned_at);
  }

  /** Timers stand still while the machine sleeps and know nothing of a clock that was set: runs what should have been. */
  async #runOverdue(): Promise<void> {
    for (const [key, slot] of this.#slots) {
      if (slot.told || this.#waiting.has(key) || this.#bree.workers.has(key) || slot.planned_at.getTime() + OVERDUE_MS > Date.now()) continue;
      await this.#bree.stop(key);
      await this.#bree.run(key);
    }
  }
}
