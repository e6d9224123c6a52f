import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { subjects, type DeliveryEvent } from "@safebase/contracts";
import { freePort, ServerProcess, tempDir, until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { SETTINGS, startReceiver, startWorld, type World } from "./notifier-fixture.ts";

const MAIN = join(import.meta.dirname, "main.ts");

describe.concurrent("a notifier that is lost, or loses NATS", () => {
  it("loses nothing when it is killed, neither what it was sending nor what it gathered", { timeout: 120_000 }, async () => {
    await using hook = await startReceiver(() => "hang");
    await using gathered = await startReceiver();
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: hook.url });
    await world.putChannel(2, { type: "webhook", url: gathered.url }, { group_s: 3600 });
    await using first = await startProgram(world);
    await world.notify(1, 1);
    for (const id of [2, 3, 4]) await world.notify(2, id);
    await until("it to be sent", () => hook.requests.length === 1);
    await first.kill();
    hook.answer = () => 204;
    await using _second = await startProgram(world);
    for (const id of [1, 2, 3, 4]) await until(`number ${id}`, () => world.eventsOf(id).find(({ outcome }) => outcome === "delivered"), { timeout_ms: 60_000 });
    expect(hook.requests.map(({ delivery_id }) => delivery_id)).toEqual(Array(2).fill(hook.requests[0]!.delivery_id));
    expect(gathered.requests.map(({ notices }) => notices.length)).toEqual([3]);
    expect(await world.queued()).toBe(0);
  });

  it("hands back what it has not told when it stops, and stops soon", async () => {
    await using hook = await startReceiver(() => "hang");
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: hook.url });
    const first = await world.notifier();
    await world.notify(1, 1);
    await until("it to be sent", () => hook.requests.length === 1);
    const stopping = performance.now();
    await first[Symbol.asyncDispose]();
    expect(performance.now() - stopping).toBeLessThan(10_000);
    expect(world.eventsOf(1)).toEqual([]);
    hook.answer = () => 204;
    await using _second = await world.notifier();
    await world.outcome(1, "delivered");
    expect(hook.requests).toHaveLength(2);
  });

  it("does not tell again what was delivered, but not acknowledged", async () => {
    await using hook = await startReceiver();
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: hook.url });
    await world.notify(1, 1);
    const delivered: DeliveryEvent = {
      notification_id: 1, channel_id: 1, at: new Date().toISOString(), outcome: "delivered", attempt: 1, group_id: "g", group_size: 1,
      answer: "HTTP 204", error: null, next_try_at: null,
    };
    await world.bus.publish(subjects.delivery(1), delivered, { msgId: randomUUID(), signal: AbortSignal.timeout(5_000) });
    await using _notifier = await world.notifier();
    await until("an empty queue", async () => await world.queued() === 0);
    expect(hook.requests).toEqual([]);
    expect(world.eventsOf(1)).toEqual([delivered, delivered]);
    await world.notify(1, 1, { at: new Date(Date.now() + 1_000).toISOString() }); // of a catalog that counts from 1 again
    await until("the other one", () => hook.requests.length === 1);
  });

  it("shares the work with another one: each notification is told once", async () => {
    await using hook = await startReceiver();
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: hook.url }, { group_s: 0.2 });
    await using _first = await world.notifier();
    await using _second = await world.notifier();
    const ids = Array.from({ length: 300 }, (_, at) => at + 1);
    await Promise.all(ids.map((id) => world.notify(1, id)));
    await Promise.all(ids.map((id) => world.outcome(id, "delivered")));
    const told = hook.requests.flatMap(({ notices }) => notices.map(({ id }) => id));
    expect(told.toSorted()).toEqual(ids.map((id) => `notice-${id}`).toSorted());
  });

  it("goes on after NATS lost everything, and tells what it had in its hands", async () => {
    await using hook = await startReceiver();
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: hook.url }, { group_s: 2 });
    await using _notifier = await world.notifier();
    await world.notify(1, 1);
    await until("it to be taken", async () => (await (await world.bus.js.jetstreamManager()).consumers.info("SAFEBASE_NOTIFICATIONS", "channel-1")).num_ack_pending === 1);
    await world.nats.wipe();
    await until("streams and buckets", () => world.bus.ensure().then(() => true));
    await world.notify(1, 1); // the gateway finds that it is gone, and publishes it again
    await world.outcome(1, "delivered");
    await world.notify(1, 2); // and has not put the channel back yet
    await world.outcome(2, "delivered");
    await world.putChannel(1, { type: "webhook", url: hook.url });
    await world.notify(1, 3);
    await world.outcome(3, "delivered");
    await until("an empty queue", async () => await world.queued() === 0);
    expect(hook.requests.flatMap(({ notices }) => notices.map(({ id }) => id))).toEqual(["notice-1", "notice-2", "notice-3"]);
  });

  it("delivers while NATS is away, and says so when it is back", async () => {
    await using hook = await startReceiver();
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: hook.url }, { group_s: 2 });
    await using _notifier = await world.notifier();
    await world.notify(1, 1);
    await until("it to be taken", async () => (await (await world.bus.js.jetstreamManager()).consumers.info("SAFEBASE_NOTIFICATIONS", "channel-1")).num_ack_pending === 1);
    await world.nats.stop();
    await until("the message", () => hook.requests.length === 1);
    await world.nats.restart();
    await world.outcome(1, "delivered");
    await until("an empty queue", async () => await world.queued() === 0, { timeout_ms: 50_000 });
    expect(hook.requests).toHaveLength(1);
  });
});

interface Program extends AsyncDisposable { kill(): Promise<void> }

/** The notifier as a process of its own. */
async function startProgram({ nats }: World): Promise<Program> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("notifier"));
  const port = await freePort();
  const server = new ServerProcess({
    program: process.execPath, args: [MAIN], log_path: join(dir.path, "log"),
    env: { ...SETTINGS, SAFEBASE_NATS_URL: nats.url, SAFEBASE_DATA_DIR: dir.path, SAFEBASE_METRICS_PORT: String(port) },
  });
  stack.defer(() => server.signal("SIGTERM"));
  await server.start(async () => {
    if (!(await fetch(`http://127.0.0.1:${port}/readyz`)).ok) throw new Error("not ready");
  });
  const owned = stack.move();
  return { kill: () => server.signal("SIGKILL"), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
