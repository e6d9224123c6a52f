import { STREAMS, subjects } from "@safebase/contracts";
import { startNats, until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import type { Bus } from "./bus.ts";
import { connectBus, deleteCommand, textOf } from "./bus.fixture.ts";

const never = new AbortController().signal;

describe("the bus", () => {
  it("publishes once for each message id", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    for (let i = 0; i < 3; i++) await bus.publish(subjects.due(1), { n: i }, { msgId: "one", signal: never });
    await bus.publish(subjects.due(1), { n: 9 }, { msgId: "two", signal: never });
    expect(await messagesIn(bus, STREAMS.events)).toBe(2);
  });

  it("keeps publishing while NATS is away, until it is back, wiped", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await nats.kill();
    const published = bus.publish(subjects.due(1), { n: 1 }, { signal: never });
    await nats.wipe();
    await published;
    expect(await messagesIn(bus, STREAMS.events)).toBe(1);
  });

  it("stops publishing when its signal aborts", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await nats.kill();
    const giveUp = new AbortController();
    const published = bus.publish(subjects.due(1), { n: 1 }, { signal: giveUp.signal });
    giveUp.abort();
    await expect(published).rejects.toMatchObject({ code: "canceled" });
  });

  it("queues a job once while it waits", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    expect(await bus.enqueue(deleteCommand(1))).toBe(true);
    expect(await bus.enqueue(deleteCommand(1))).toBe(false);
    expect(await bus.enqueue(deleteCommand(2))).toBe(true);
    expect(await messagesIn(bus, STREAMS.commands)).toBe(2);
  });

  it("refuses to queue at once when NATS is away", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await nats.kill();
    await until("the loss to be noticed", () => !bus.connected);
    const start = performance.now();
    await expect(bus.enqueue(deleteCommand(1))).rejects.toThrow("not connected");
    expect(performance.now() - start).toBeLessThan(500);
  });

  it("fails calls in flight when the connection breaks, long before their time limit", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await using other = await connectBus(nats);
    other.listen("test.silent", () => undefined); // there, but never answers
    await other.nc.flush();
    const start = performance.now();
    const asked = bus.request("test.silent", {}, 30_000);
    asked.catch(() => undefined);
    await bus.nc.flush();
    await nats.kill();
    await expect(asked).rejects.toMatchObject({ code: "no_executor" });
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it("answers requests, and says when there is nobody to ask", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await expect(bus.request(subjects.probe("default"), {}, 2_000)).rejects.toMatchObject({ code: "no_executor", message: "no executor is running" });
    using _answering = await bus.respond(subjects.probe("default"), "executors", async (payload) => ({ echo: payload }));
    await bus.nc.flush();
    expect(await bus.request(subjects.probe("default"), { a: 1 }, 2_000)).toEqual({ echo: { a: 1 } });
    using _silent = await bus.respond("test.silent", "q", () => new Promise(() => undefined));
    await expect(bus.request("test.silent", {}, 100)).rejects.toMatchObject({ code: "no_executor", message: "no executor answered within 0.1 s" });
  });

  it("hands broadcasts to all who listen, and survives one that cannot be read", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await using other = await connectBus(nats);
    const heard: unknown[] = [];
    using _a = bus.listen(subjects.ui, (payload) => { heard.push(payload); });
    using _b = other.listen(subjects.ui, (payload) => { heard.push(payload); });
    await Promise.all([bus.nc.flush(), other.nc.flush()]);
    bus.nc.publish(subjects.ui, "{not json");
    bus.broadcast(subjects.ui, { n: 1 });
    await until("both", () => heard.length === 2);
    expect(heard).toEqual([{ n: 1 }, { n: 1 }]);
  });

  it("makes streams and buckets again after a wipe", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await bus.withBucket("safebase_schedules", (kv) => kv.put("schedule.1", "old"));
    await nats.wipe();
    await until("NATS to be back", () => bus.connected);
    expect(await bus.withBucket("safebase_schedules", (kv) => kv.get("schedule.1"))).toBeNull();
    await bus.withBucket("safebase_schedules", (kv) => kv.put("schedule.1", "new"));
    expect(textOf(await bus.withBucket("safebase_schedules", (kv) => kv.get("schedule.1")))).toBe("new");
    expect(await bus.enqueue(deleteCommand(1))).toBe(true);
  });

  it("waits for a server that is not there yet, and stops waiting when told", async () => {
    await using nats = await startNats();
    await nats.stop();
    const connecting = connectBus(nats);
    await nats.restart();
    await using bus = await connecting;
    expect(bus.connected).toBe(true);
    await nats.stop();
    const stop = new AbortController();
    const waiting = connectBus(nats, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "canceled" });
  });
});

async function messagesIn(bus: Bus, stream: string): Promise<number> {
  const manager = await bus.js.jetstreamManager();
  return (await manager.streams.info(stream)).state.messages;
}
