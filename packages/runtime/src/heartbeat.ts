import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { BUCKETS, type ServiceHeartbeat, type ServiceName } from "@safebase/contracts";
import type { Bus } from "./bus.ts";
import { VERSION } from "./config.ts";
import { pause } from "./lifecycle.ts";
import { HEARTBEAT_TTL_MS } from "./topology.ts";

/** Says every few seconds that this service lives, until disposal, which says good-bye: who ends in order is not missed. */
export function startHeartbeat(bus: Bus, service: ServiceName): AsyncDisposable {
  const id = `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`.replaceAll(/[^A-Za-z0-9_-]/g, "-");
  return beat(bus, BUCKETS.heartbeats, `${service}.${id}`, async () => {
    const heartbeat: ServiceHeartbeat = { service, id, host: hostname(), version: VERSION, at: new Date().toISOString() };
    return heartbeat;
  });
}

export interface Heartbeat extends AsyncDisposable {
  /** Says it now: something of it has changed. */
  again(): void;
}

/**
 * Writes what `say` answers under a key of a bucket that forgets, several times within its memory and before the
 * silence is noticed, until disposal deletes it.
 */
export function beat(bus: Bus, bucket: string, key: string, say: () => Promise<unknown>): Heartbeat {
  const stopping = new AbortController();
  let waiting = new AbortController();
  const every_ms = Math.min(HEARTBEAT_TTL_MS / 3, bus.silence_ms / 5);
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await once().catch((err: unknown) => bus.log.debug({ err, key }, "a heartbeat was not taken, the next one follows"));
      await pause(every_ms, AbortSignal.any([stopping.signal, waiting.signal]));
      waiting = new AbortController();
    }
  };
  const once = async (): Promise<void> => {
    const body = JSON.stringify(await say());
    await bus.withBucket(bucket, (kv) => kv.put(key, body));
  };
  const running = loop();
  return {
    again: () => waiting.abort(),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
      if (bus.nc.isClosed() || !bus.connected) return;
      await bus.withBucket(bucket, (kv) => kv.delete(key)).catch((err: unknown) => bus.log.debug({ err, key }, "a good-bye was not taken, the heartbeat runs out"));
    },
  };
}
