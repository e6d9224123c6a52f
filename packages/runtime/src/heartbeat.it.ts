import { BUCKETS, ServiceHeartbeat } from "@safebase/contracts";
import { startNats, until, type NatsServer } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bus } from "./bus.ts";
import { beat, startHeartbeat } from "./heartbeat.ts";
import { createLog } from "./log.ts";

describe("a heartbeat", () => {
  let stack: AsyncDisposableStack, nats: NatsServer, bus: Bus;
  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    nats = stack.use(await startNats());
    bus = stack.use(await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 60_000, silence_ms: 1_000, log: createLog("test", "silent") }, new AbortController().signal));
  });
  afterEach(() => stack.disposeAsync());

  /** The only one that there is. */
  const find = (key: string) => bus.withBucket(BUCKETS.heartbeats, (kv) => kv.get(key));
  const begin = async () => {
    const seen = Promise.withResolvers<string>();
    using _writes = bus.listen(`$KV.${BUCKETS.heartbeats}.>`, (payload) => { const { service, id } = ServiceHeartbeat.parse(payload); seen.resolve(`${service}.${id}`); });
    const heartbeat = stack.use(startHeartbeat(bus, "scheduler"));
    return { heartbeat, key: await seen.promise };
  };

  it("is written again and again, also after NATS has lost everything", async () => {
    const { key } = await begin();
    expect(key).toMatch(/^scheduler\.[A-Za-z0-9_-]+$/);
    const first = (await find(key))!.revision;
    await until("another beat", async () => (await find(key))!.revision > first);
    await nats.wipe();
    await until("it to be there again", async () => await find(key) !== null);
    expect(ServiceHeartbeat.parse((await find(key))!.json())).toMatchObject({ service: "scheduler" });
  });

  it("is said again at once when something of it has changed", async () => {
    const quiet = stack.use(await Bus.connect({ url: nats.url, name: "quiet", lease_ttl_ms: 60_000, silence_ms: 3_600_000, log: createLog("test", "silent") }, new AbortController().signal));
    let state = "works";
    await using heartbeat = beat(quiet, BUCKETS.heartbeats, "scheduler.quiet", async () => ({ state }));
    const said = async () => (await find("scheduler.quiet"))?.json<{ state: string }>().state;
    await until("the first", async () => await said() === "works");
    state = "drains";
    heartbeat.again();
    await until("the change", async () => await said() === "drains", { timeout_ms: 5_000 }); // the next would be in ten
  });

  it("ends with a good-bye, which stays to be seen for a while", async () => {
    const { heartbeat, key } = await begin();
    await heartbeat[Symbol.asyncDispose]();
    expect((await find(key))?.operation).toBe("DEL");
  });
});
