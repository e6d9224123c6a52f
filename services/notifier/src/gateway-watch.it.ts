import { until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { startReceiver, startWorld, type Receiver } from "./notifier-fixture.ts";

const SILENCE = { SAFEBASE_SILENCE_S: "1.5" };

describe.concurrent("the watch over the gateway", () => {
  it("tells once that it is lost and once that it is back, to those who want to know", async () => {
    await using watching = await startReceiver();
    await using other = await startReceiver();
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: watching.url }, { watches_gateway: true, group_s: 3600 });
    await world.putChannel(2, { type: "webhook", url: other.url });
    const gateway = await world.gateway();
    await using _first = await world.notifier(SILENCE);
    await using _second = await world.notifier(SILENCE);
    const since = await until("heartbeats to be seen for longer than the silence", lasting(4_000));
    expect(watching.requests).toEqual([]);
    await gateway[Symbol.asyncDispose]();
    const lost = await told(watching, 1);
    expect(lost).toMatchObject({ kind: "gateway_lost", severity: "critical", service: { name: "gateway" }, error: { message: expect.stringContaining("no gateway has given a sign of life") } });
    expect(Date.parse(lost.service!.last_seen_at!)).toBeGreaterThan(since);
    await using _again = await world.gateway();
    expect(await told(watching, 2)).toMatchObject({ kind: "gateway_back" });
    await world.notify(1, 1);
    await until("nothing else", lasting(3_000));
    expect(watching.requests.map(({ notices }) => notices[0]!.kind)).toEqual(["gateway_lost", "gateway_back"]);
    expect(other.requests).toEqual([]);
    expect(world.events).toEqual([]); // nobody has a record of it
  });

  it("tries again until the other side has taken it", async () => {
    await using watching = await startReceiver(({ notices }) => (watching.requests.length === 1 && notices[0]!.kind === "gateway_lost" ? 500 : 204));
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: watching.url }, { watches_gateway: true });
    await using _notifier = await world.notifier(SILENCE);
    expect(await told(watching, 2)).toMatchObject({ kind: "gateway_lost" });
    expect(watching.requests[0]!.delivery_id).toBe(watching.requests[1]!.delivery_id);
  });

  it("knows after its own restart what was told", async () => {
    await using watching = await startReceiver();
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: watching.url }, { watches_gateway: true });
    const first = await world.notifier(SILENCE);
    await told(watching, 1);
    await first[Symbol.asyncDispose]();
    await using second = await world.notifier(SILENCE);
    await until("the loss to be seen again", lasting(4_000));
    expect(watching.requests).toHaveLength(1);
    await second[Symbol.asyncDispose]();
    await using _third = await world.notifier(SILENCE);
    await using _gateway = await world.gateway(); // before it could miss it
    expect(await told(watching, 2)).toMatchObject({ kind: "gateway_back" });
  });

  it("tells without NATS that NATS is gone, and with it that all is back", async () => {
    await using watching = await startReceiver(() => (watching.requests.length === 1 ? 500 : 204));
    await using world = await startWorld();
    await world.putChannel(1, { type: "webhook", url: watching.url }, { watches_gateway: true });
    await using _gateway = await world.gateway();
    await using notifier = await world.notifier(SILENCE);
    await world.notify(1, 1);
    await world.outcome(1, "retrying"); // so the channel is known
    await world.nats.stop();
    expect(await told(watching, 2)).toMatchObject({ kind: "gateway_lost", error: { message: expect.stringContaining("NATS has not been reachable") } });
    expect(await notifier.metric("safebase_notifications_total", { outcome: "delivered" })).toBe(1);
    await world.nats.wipe();
    await until("the return", () => watching.requests.some(({ notices }) => notices[0]!.kind === "gateway_back"));
    expect(watching.requests.filter(({ notices }) => notices[0]!.kind === "gateway_lost")).toHaveLength(1);
  });
});

/** The notice of the request with this number, from 1. */
async function told({ requests }: Receiver, number: number) {
  return until(`request ${number}`, () => requests[number - 1]?.notices[0]);
}

/** True after a time: what is shown is that nothing happens in it. Answers when it began. */
function lasting(ms: number): () => number | undefined {
  const since = Date.now();
  return () => (Date.now() - since >= ms ? since : undefined);
}
