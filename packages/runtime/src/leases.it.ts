import { startNats, until, type NatsServer } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { connectBus } from "./bus.fixture.ts";
import type { Bus } from "./bus.ts";
import { acquireLease, heldLeases, heldStems, type Lease } from "./leases.ts";

const TTL_MS = 2_000;
const holder = (run: string) => ({ run_id: run, executor_id: "executor", stem: `stem-${run}` });

describe("a lease", () => {
  it("is held by one run, until it releases it", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const first = await take(bus, "a");
    expect(await acquireLease(bus, { group: "g", job_id: 5 }, holder("b"))).toBeUndefined();
    expect([5, 6].map(await lookAt(bus))).toEqual([true, false]);
    expect((await heldLeases(bus))({ group: "h", job_id: 5 })).toBe(false); // that of another group's job
    expect(await heldStems(bus)).toEqual(new Set(["stem-a"]));
    await first[Symbol.asyncDispose]();
    expect([5].map(await lookAt(bus))).toEqual([false]);
    await using second = await take(bus, "b");
    await second.confirm(0);
  });

  it("goes to one of many who want it at once", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    const all = await Promise.all(Array.from({ length: 10 }, (_, run) => acquireLease(bus, { group: "g", job_id: 5 }, holder(String(run)))));
    const held = all.filter((lease) => lease !== undefined);
    expect(held).toHaveLength(1);
    await held[0]![Symbol.asyncDispose]();
  });

  it("is renewed for longer than it lasts", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats, { lease_ttl_ms: TTL_MS });
    await using lease = await take(bus, "a");
    const since = performance.now();
    await until("two lifetimes", async () => {
      expect(await acquireLease(bus, { group: "g", job_id: 5 }, holder("b"))).toBeUndefined();
      return performance.now() - since > 2 * TTL_MS;
    }, { every_ms: 100 });
    expect(lease.lost.aborted).toBe(false);
  });

  it("is confirmed and renewed at the same time without losing it", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats, { lease_ttl_ms: 1_500 });
    await using lease = await take(bus, "a");
    for (let round = 0; round < 30; round++) await Promise.all([lease.confirm(0), lease.confirm(0), lease.confirm(0)]);
    expect(lease.lost.aborted).toBe(false);
  });

  it("can be taken over when its holder is gone, which then knows that it lost it", async () => {
    await using nats = await startNats();
    const deadBus = await connectBus(nats, { lease_ttl_ms: TTL_MS });
    const dead = await take(deadBus, "a");
    await using bus = await connectBus(nats, { lease_ttl_ms: TTL_MS });
    await deadBus.nc.close(); // as good as dead: it renews no more
    const taken = await until("the takeover", () => acquireLease(bus, { group: "g", job_id: 5 }, holder("b")), { timeout_ms: 10_000 });
    await expect(dead.confirm(0)).rejects.toMatchObject({ code: "lease_lost" });
    await dead[Symbol.asyncDispose]();
    await taken.confirm(0);
    await taken[Symbol.asyncDispose]();
  });

  it("signals its loss when another run has it", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats, { lease_ttl_ms: TTL_MS });
    const lease = await take(bus, "a");
    await bus.withBucket("safebase_leases", (kv) => kv.put("g.job.5", JSON.stringify(holder("b"))));
    await until("the loss", () => lease.lost.aborted, { timeout_ms: 5_000 });
    expect(lease.lost.reason).toMatchObject({ code: "lease_lost" });
    await expect(lease.confirm(10_000)).rejects.toMatchObject({ code: "lease_lost" });
    await lease[Symbol.asyncDispose]();
    expect([5, 6].map(await lookAt(bus))).toEqual([true, false]);
    expect((await heldLeases(bus))({ group: "h", job_id: 5 })).toBe(false); // that of another group's job // the other's is left alone
  });

  it("is lost when another run had it in between and is done", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await using lease = await take(bus, "a");
    await bus.withBucket("safebase_leases", async (kv) => {
      await kv.put("g.job.5", JSON.stringify(holder("b")));
      await kv.delete("g.job.5");
    });
    await expect(lease.confirm(0)).rejects.toMatchObject({ code: "lease_lost" });
  });

  it("survives the loss of NATS and of all that it stored", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats, { lease_ttl_ms: 3_000 });
    await using lease = await take(bus, "a");
    await nats.kill();
    await wiped(nats, bus);
    await until("the lease to be back", async () => (await heldLeases(bus))({ group: "g", job_id: 5 }), { timeout_ms: 3_000 });
    expect(lease.lost.aborted).toBe(false);
    await lease.confirm(0);
    expect(await acquireLease(bus, { group: "g", job_id: 5 }, holder("b"))).toBeUndefined();
  });

  it("is confirmed with patience when NATS is away for a while, refused when it stays away", async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats);
    await using lease = await take(bus, "a");
    await nats.kill();
    await until("the loss to be noticed", () => !bus.connected);
    await expect(lease.confirm(200)).rejects.toMatchObject({ code: "lease_lost", message: expect.stringContaining("did not confirm") });
    const confirmed = lease.confirm(15_000);
    await nats.restart();
    await confirmed;
    expect(lease.lost.aborted).toBe(false);
  });
});

async function take(bus: Bus, run: string): Promise<Lease> {
  const lease = await acquireLease(bus, { group: "g", job_id: 5 }, holder(run));
  if (lease === undefined) throw new Error("the lease is not free");
  return lease;
}

async function wiped(nats: NatsServer, bus: Bus): Promise<void> {
  await nats.wipe();
  await until("NATS to be back", () => bus.connected);
}

async function lookAt(bus: Bus): Promise<(job_id: number) => boolean> {
  const isHeld = await heldLeases(bus);
  return (job_id) => isHeld({ group: "g", job_id });
}
