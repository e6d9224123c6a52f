import { BUCKETS, type ExecutorHeartbeat, type ServiceHeartbeat, type ServiceName } from "@safebase/contracts";
import type { Core } from "../jobs/deps.ts";
import type { Rig } from "../jobs/rig-fixture.ts";
import { Watch } from "./watch.ts";

const LOOK_S = 5, BEAT_S = 10, TTL_S = 30;

interface Beating { readonly bucket: string; readonly key: string; readonly beat: ServiceHeartbeat | ExecutorHeartbeat; died_at_s: number | undefined }

/** Gateways that look on and others that beat, on a real NATS and a real catalog, with a clock that the test turns. */
export class World {
  readonly watches: Watch[] = [];
  readonly #rig: Rig;
  readonly #beating = new Map<string, Beating>();
  #now_s = 0;

  constructor(rig: Rig, gateways: number) {
    this.#rig = rig;
    for (let n = 0; n < gateways; n++) this.addGateway();
  }

  addGateway(): void {
    const start_ms = Date.parse("2026-06-10T12:00:00.000Z");
    const core: Core = { ...this.#rig.core, now: () => new Date(start_ms + this.#now_s * 1000) };
    this.watches.push(new Watch(core, { kick: () => { /* nobody waits for it */ } }));
  }

  begin(id: string, place: { host?: string; group?: string } = {}): void {
    const common = { host: place.host ?? "a", version: "1", at: "2020-01-01T00:00:00.000Z" }; // its own clock is wrong, and that is no matter
    const service = id.split("-")[0] as ServiceName;
    const beat = service === "scheduler" || service === "notifier" ? { ...common, service, id }
      : { ...common, executor_id: id, group: place.group ?? "default", clients: [], running_jobs: [] };
    const [bucket, key] = "service" in beat ? [BUCKETS.heartbeats, `${service}.${id}`] : [BUCKETS.executors, `${beat.group}.${id}`];
    this.#beating.set(id, { bucket, key, beat, died_at_s: undefined });
  }

  /** Its last beat stays in NATS until it runs out. */
  kill(...ids: string[]): void {
    for (const id of ids) this.#beating.get(id)!.died_at_s = this.#now_s;
  }

  async leave(...ids: string[]): Promise<void> {
    for (const id of ids) {
      const { bucket, key } = this.#beating.get(id)!;
      this.#beating.delete(id);
      await this.#rig.core.bus.withBucket(bucket, (kv) => kv.delete(key));
    }
  }

  /** Lets time go by. All gateways look at once; with `looking: false` none does, with `beating: false` nobody is heard. */
  async pass(seconds: number, { looking = true, beating = true } = {}): Promise<void> {
    for (const end_s = this.#now_s + seconds; this.#now_s < end_s;) {
      this.#now_s += LOOK_S;
      if (beating) for (const [id, one] of this.#beating) await this.#beat(id, one);
      if (looking) await Promise.all(this.watches.map((watch) => watch.look()));
    }
  }

  /** What was told of, in order. */
  async told(): Promise<string[]> {
    const rows = await this.#rig.db.selectFrom("notices").select("payload").orderBy("created_at").execute();
    return rows.map(({ payload }) => JSON.parse(payload) as { kind: string; service: { group: string | null; id: string | null } })
      .map(({ kind, service }) => [kind, service.group, service.id].filter((each) => each !== null).join(" "));
  }

  async #beat(id: string, { bucket, key, beat, died_at_s }: Beating): Promise<void> {
    const { bus } = this.#rig.core;
    if (died_at_s === undefined) {
      if (this.#now_s % BEAT_S === 0) await bus.withBucket(bucket, (kv) => kv.put(key, JSON.stringify(beat)));
    } else if (this.#now_s - died_at_s >= TTL_S) {
      const entry = await bus.withBucket(bucket, (kv) => kv.get(key));
      this.#beating.delete(id);
      // As time does it: without a marker.
      if (entry !== null) await (await bus.js.jetstreamManager()).streams.deleteMessage(`KV_${bucket}`, entry.revision);
    }
  }
}
