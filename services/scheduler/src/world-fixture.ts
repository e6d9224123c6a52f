import { BUCKETS, Due, STREAMS, subjects, Tick, type ScheduleEntry } from "@safebase/contracts";
import { DiscardPolicy } from "@nats-io/jetstream";
import { Bus, createLog, loadConfig } from "@safebase/runtime";
import { startNats, until, type NatsServer } from "@safebase/testing";
import { Registry } from "prom-client";
import { startScheduler } from "./service.ts";

export const EVERY_SECOND = "* * * * * *";
export const NEVER_NOW = "0 0 29 2 *";
export const ALWAYS = { jitter_s: 0, since: "2026-01-01T00:00:00.000Z" };
const never = new AbortController().signal;

export function atLeast<T>(count: number, list: T[]): T[] | undefined {
  return list.length >= count ? list : undefined;
}

/** A NATS with these schedules in it, and a scheduler. */
export async function start(before: ScheduleEntry[] = [], env: Record<string, string> = {}): Promise<World> {
  const world = await prepare(env);
  for (const entry of before) await world.put(entry);
  await world.startScheduler();
  return world;
}

/** The same without a scheduler. */
export async function prepare(env: Record<string, string> = {}): Promise<World> {
  const nats = await startNats();
  const bus = await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 60_000, log: createLog("scheduler", "silent") }, never);
  return new World(nats, bus, env);
}

export class World implements AsyncDisposable {
  readonly nats: NatsServer;
  readonly bus: Bus;
  readonly #env: Record<string, string>;
  readonly #schedulers = new Set<AsyncDisposable>();
  #metrics = new Registry();

  constructor(nats: NatsServer, bus: Bus, env: Record<string, string>) {
    this.nats = nats;
    this.bus = bus;
    this.#env = env;
  }

  /** On a connection of its own, as another process would. `metric` asks the newest. */
  async startScheduler(): Promise<AsyncDisposable> {
    const log = createLog("scheduler", "silent");
    const metrics = this.#metrics = new Registry();
    await using stack = new AsyncDisposableStack();
    const bus = stack.use(await Bus.connect({ url: this.nats.url, name: "scheduler", lease_ttl_ms: 60_000, log }, never));
    stack.use(await startScheduler(loadConfig(this.#env), { bus, log, metrics }, never));
    const owned = stack.move();
    const scheduler = { [Symbol.asyncDispose]: () => { this.#schedulers.delete(scheduler); return owned.disposeAsync(); } };
    this.#schedulers.add(scheduler);
    return scheduler;
  }

  put(entry: ScheduleEntry): Promise<void> {
    return this.putText(`schedule.${entry.schedule_id}`, JSON.stringify(entry));
  }

  async putText(key: string, text: string): Promise<void> {
    await until("the bucket to take it", async () => {
      await this.bus.withBucket(BUCKETS.schedules, (kv) => kv.put(key, text));
      return true;
    });
  }

  async remove(id: number): Promise<void> {
    await this.bus.withBucket(BUCKETS.schedules, (kv) => kv.delete(`schedule.${id}`));
  }

  /** Every due event in the stream, oldest first. */
  async dues(): Promise<Due[]> {
    return (await this.#events("safebase.event.due.")).map((event) => Due.parse(event));
  }

  async ticks(): Promise<Tick[]> {
    return (await this.#events(subjects.tick(""))).map((event) => Tick.parse(event));
  }

  async #events(prefix: string): Promise<unknown[]> {
    return this.bus.online(async () => {
      const manager = await this.bus.js.jetstreamManager();
      const { state } = await manager.streams.info(STREAMS.events);
      const events: unknown[] = [];
      for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
        const message = await manager.streams.getMessage(STREAMS.events, { seq });
        if (message?.subject.startsWith(prefix) === true) events.push(message.json());
      }
      return events;
    });
  }

  /** Makes the stream anew: what is published again is no duplicate to it. */
  async forget(): Promise<void> {
    await (await this.bus.js.jetstreamManager()).streams.delete(STREAMS.events);
    await this.bus.ensure();
  }

  /** Has the stream refuse every event, or take them again. */
  async refuseEvents(refuse: boolean): Promise<void> {
    const manager = await this.bus.js.jetstreamManager();
    await manager.streams.update(STREAMS.events, refuse ? { max_bytes: 1, discard: DiscardPolicy.New } : { max_bytes: -1, discard: DiscardPolicy.Old });
  }

  async bucketAge_ms(): Promise<number> {
    return this.bus.withBucket(BUCKETS.schedules, async (kv) => Date.now() - Date.parse((await kv.status()).streamInfo.created));
  }

  /** Up to when all is said to be emitted. */
  async watermark(): Promise<Date | undefined> {
    const text = await this.bus.withBucket(BUCKETS.scheduler, async (kv) => (await kv.get("emitted_until"))?.string());
    return text === undefined ? undefined : new Date((JSON.parse(text) as { until: string }).until);
  }

  async setWatermark(to: Date): Promise<void> {
    await this.bus.withBucket(BUCKETS.scheduler, (kv) => kv.put("emitted_until", JSON.stringify({ until: to })));
  }

  async metric(name: string): Promise<number | undefined> {
    return (await this.#metrics.getSingleMetric(name)?.get())?.values[0]?.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const scheduler of this.#schedulers) await scheduler[Symbol.asyncDispose]();
    await this.bus[Symbol.asyncDispose]();
    await this.nats[Symbol.asyncDispose]();
  }
}
