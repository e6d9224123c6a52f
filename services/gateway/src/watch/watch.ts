import type { ExecutorHeartbeat, ServiceHeartbeat, ServiceName } from "@safebase/contracts";
import { pause } from "@safebase/runtime";
import { addGroup } from "../catalog/executor-groups.ts";
import { groupsInUse, listWatched } from "../catalog/watched.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { isAlive, judgeExecutors } from "./executors.ts";
import { readHeartbeats } from "./heartbeats.ts";
import { judgeParts, type Look } from "./parts.ts";
import { Sightings } from "./sightings.ts";
import { carryOut } from "./verdict.ts";

/** So many looks within the time of silence. */
const LOOKS = 9;

export interface SeenExecutor extends ExecutorHeartbeat { readonly last_seen_at: string }

/**
 * Looks every few seconds who beats, and tells, once among all gateways, when scheduler, notifier or executors have
 * fallen silent and when they are back. While NATS is away nothing can be known: nobody is lost by that, and when it
 * is back, or this gateway has just begun, everybody gets the time of silence to be heard.
 */
export class Watch implements AsyncDisposable {
  readonly #core: Core;
  readonly #dispatcher: Pick<Dispatcher, "kick">;
  readonly #silence_ms: number;
  readonly #services: Sightings<ServiceHeartbeat>;
  readonly #executors: Sightings<ExecutorHeartbeat>;
  readonly #stopping = new AbortController();
  readonly #groups: Set<string>;
  #line: AbortSignal | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(core: Core, dispatcher: Pick<Dispatcher, "kick">) {
    this.#core = core;
    this.#dispatcher = dispatcher;
    this.#silence_ms = core.config.silence_s * 1000;
    const gap_ms = this.#silence_ms / 2;
    this.#services = new Sightings(gap_ms);
    this.#executors = new Sightings(gap_ms);
    this.#groups = new Set([core.config.executor_group]);
  }

  /** Looks on until disposal. */
  start(): this {
    this.#running = this.#loop();
    return this;
  }

  /** One look, and what follows from it. */
  async look(): Promise<void> {
    const { db, bus } = this.#core;
    if (!bus.connected) return;
    const { line } = bus;
    const rows = new Map((await listWatched(db)).map((row) => [row.key, row]));
    const groups = await groupsInUse(db);
    const { services, executors } = await readHeartbeats(bus);
    const now = this.#core.now();
    this.#services.look(services, now.getTime(), line !== this.#line);
    this.#executors.look(executors, now.getTime(), line !== this.#line);
    this.#line = line;
    await this.#noteGroups(now);
    const look: Look = { now, silence_ms: this.#silence_ms, rows, groups, services: this.#services, executors: this.#executors };
    for (const verdict of [...judgeParts(look), ...judgeExecutors(look)]) {
      if (await db.transaction().execute((tx) => carryOut(tx, verdict))) this.#dispatcher.kick();
    }
  }

  /** The executors that live. */
  executors(): SeenExecutor[] {
    const look = { executors: this.#executors, now: this.#core.now(), silence_ms: this.#silence_ms };
    return [...this.#executors.all()].filter(([id]) => isAlive(look, id))
      .map(([, { beat, seen_ms }]) => ({ ...beat, last_seen_at: new Date(seen_ms).toISOString() }));
  }

  /** Those that have fallen silent without a good-bye, for a day, unless another of their group follows them on the same host. */
  lost(): SeenExecutor[] {
    const alive = this.executors();
    return [...this.#executors.all()].filter(([id, { left, beat }]) => !left && !alive.some(({ executor_id, host, group }) => executor_id === id || (host === beat.host && group === beat.group)))
      .map(([, { beat, seen_ms }]) => ({ ...beat, last_seen_at: new Date(seen_ms).toISOString() }));
  }

  /** How many of a service live. */
  count(service: ServiceName): number {
    const now_ms = this.#core.now().getTime();
    return [...this.#services.all()].filter(([, { beat, left, seen_ms }]) => beat.service === service && !left && now_ms - seen_ms <= this.#silence_ms).length;
  }

  /** A group that an executor was started for by hand is there for admins to use. */
  async #noteGroups(now: Date): Promise<void> {
    for (const { group } of this.executors()) {
      if (this.#groups.has(group)) continue;
      await addGroup(this.#core.db, group, now.toISOString());
      this.#groups.add(group);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.look().catch((err: unknown) => {
        if (!signal.aborted) this.#core.log.warn({ err }, "who lives could not be seen, the next look follows");
      });
      await pause(this.#silence_ms / LOOKS, signal);
    }
  }
}
