import { STREAMS, subjects, type Command } from "@safebase/contracts";
import { startNats, until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { connectBus, deleteCommand } from "./bus.fixture.ts";
import type { Bus } from "./bus.ts";
import { pause } from "./lifecycle.ts";
import { unsettled } from "./queue.ts";
import { work, type Worker, type WorkOptions } from "./worker.ts";

describe("a worker", () => {
  it("takes each job once; done, it may be queued again", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const done: number[] = [];
    await using _worker = workOn(bus, async (payload) => { done.push((payload as Command).job_id); });
    for (const id of [1, 2, 3]) await bus.enqueue(deleteCommand(id));
    await until("three jobs", () => done.length === 3);
    await until("the job to be acknowledged", () => bus.enqueue(deleteCommand(1)));
    await until("the job again", () => done.length === 4);
    expect(done.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 3]);
  });

  it("gets a message again when its handler threw or asked for it", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const seen: number[] = [];
    await using _worker = workOn(bus, async (_payload, deliveries) => {
      seen.push(deliveries);
      if (deliveries === 1) throw new Error("not today");
      if (deliveries === 2) return { again_in_ms: 50 };
    });
    await bus.enqueue(deleteCommand(1));
    await until("the third delivery to be acknowledged", async () => seen.length === 3 && (await bus.enqueue(deleteCommand(1))));
    await until("a fresh message", () => seen.length === 4);
    expect(seen).toEqual([1, 2, 3, 1]);
  });

  it.each([
    ["threw", async () => { throw new Error("not today"); }],
    ["asked for it", async () => ({ again_in_ms: 250.4 })],
  ])("does not get it again at once when the handler %s", async (_what, refuse) => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const times: number[] = [];
    await using _worker = workOn(bus, async () => {
      times.push(performance.now());
      if (times.length === 1) return refuse();
    });
    await bus.enqueue(deleteCommand(1));
    await until("the second delivery", () => times.length === 2);
    expect(times[1]! - times[0]!).toBeGreaterThan(200);
  });

  it("keeps a message to itself for as long as it works on it", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    let started = 0;
    const finish = Promise.withResolvers<void>();
    await using _worker = workOn(bus, async () => { started++; await finish.promise; }, { ack_wait_ms: 600, concurrency: 2 });
    await bus.enqueue(deleteCommand(1));
    await until("the start", () => started === 1);
    const since = performance.now();
    await until("thrice the time", () => performance.now() - since > 1_800); // what is tested is that nothing happens
    expect(started).toBe(1);
    finish.resolve();
    await until("the end", () => bus.enqueue(deleteCommand(1)));
  });

  it("hands back what it was working on when it is stopped", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const taken = Promise.withResolvers<void>();
    const first = workOn(bus, (_payload, _deliveries, signal) => {
      taken.resolve();
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopping"))));
    });
    await bus.enqueue(deleteCommand(1));
    await taken.promise;
    const start = performance.now();
    await first[Symbol.asyncDispose]();
    const again: number[] = [];
    await using _second = workOn(bus, async (_payload, deliveries) => { again.push(deliveries); });
    await until("the redelivery", () => again.length === 1);
    expect(performance.now() - start).toBeLessThan(5_000); // not after ack_wait_ms
    expect(again).toEqual([2]);
  });

  it("lets what runs end when it is drained, and takes nothing more", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const taken = Promise.withResolvers<AbortSignal>(), finish = Promise.withResolvers<void>();
    const seen: number[] = [];
    await using worker = workOn(bus, async (payload, _deliveries, signal) => {
      seen.push((payload as Command).job_id);
      taken.resolve(signal);
      await finish.promise;
    });
    await bus.enqueue(deleteCommand(1));
    const signal = await taken.promise;
    await bus.enqueue(deleteCommand(2));
    const drained = worker.drain().then(() => "drained");
    expect(await Promise.race([drained, pause(200, new AbortController().signal)])).toBeUndefined();
    expect(signal.aborted).toBe(false);
    finish.resolve();
    expect(await drained).toBe("drained");
    expect(seen).toEqual([1]);
    await using _second = workOn(bus, async (payload) => { seen.push((payload as Command).job_id); });
    await until("the other", () => seen.length === 2);
    expect(seen).toEqual([1, 2]);
  });

  it("stops at once when there is nothing to do", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const done: number[] = [];
    const worker = workOn(bus, async (payload) => { done.push((payload as Command).job_id); });
    await bus.enqueue(deleteCommand(1));
    await until("the first", () => done.length === 1);
    const start = performance.now();
    await worker[Symbol.asyncDispose]();
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it("drops what is not JSON, and goes on", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const seen: unknown[] = [];
    await using _worker = workOn(bus, async (payload) => { seen.push(payload); });
    const subject = subjects.command("default", 1);
    await bus.js.publish(subject, '{"password": broken');
    await until("its subject to be free again", () => bus.enqueue(deleteCommand(1)));
    await until("the next message", () => seen.length > 0);
    await until("nothing to be left", async () => await unsettled(bus, STREAMS.commands, "test") === 0);
    expect(seen).toEqual([deleteCommand(1)]);
  });

  it.each(["restart", "wipe"] as const)("works again within seconds after the server's %s", async (event) => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const done = new Set<number>();
    await using _worker = workOn(bus, async (payload) => { done.add((payload as Command).job_id); });
    await bus.enqueue(deleteCommand(1));
    await until("the first", () => done.has(1));
    await nats[event]();
    await until("the next to be queued", () => bus.enqueue(deleteCommand(2)));
    await until("the next", () => done.has(2), { timeout_ms: 8_000 });
  });

  it("keeps messages that waited over a restart", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await bus.enqueue(deleteCommand(1));
    await nats.restart();
    const done: number[] = [];
    await using _worker = workOn(bus, async (payload) => { done.push((payload as Command).job_id); });
    await until("the job", () => done.length === 1);
    expect(done).toEqual([1]);
  });

  it("finds its consumer again when only that was lost", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const done = new Set<number>();
    await using _worker = workOn(bus, async (payload) => { done.add((payload as Command).job_id); });
    await bus.enqueue(deleteCommand(1));
    await until("the first", () => done.has(1));
    await (await bus.js.jetstreamManager()).consumers.delete(STREAMS.commands, "test");
    await bus.enqueue(deleteCommand(2));
    await until("the next", () => done.has(2), { timeout_ms: 20_000 });
  });
});

function workOn(bus: Bus, handle: WorkOptions["handle"], options: { ack_wait_ms?: number; concurrency?: number } = {}): Worker {
  return work(bus, {
    stream: STREAMS.commands, durable: "test", filter: subjects.commandsOf("default"), concurrency: 1, ack_wait_ms: 60_000, handle, ...options,
  });
}
