import { BUCKETS, STREAMS, streamOf, subjects } from "@safebase/contracts";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { jetstreamManager, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { freePort, startNats, until, type NatsServer } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { connectBus } from "./bus.fixture.ts";
import { createLog } from "./log.ts";
import { ensureTopology, isTopologyThere, updateTopology, type TopologyOptions } from "./topology.ts";

const options: TopologyOptions = { lease_ttl_ms: 60_000, replicas: 1, log: createLog("test", "silent") };
const WEEK_NS = 7 * 24 * 3600 * 1e9;

describe("streams and buckets", () => {
  it("are changed by a newer version to what it wants, with all that is in them; the retired one goes", async () => {
    await using nats = await startNats();
    await using nc = await connected(nats.url);
    const manager = await jetstreamManager(nc);
    const old = { storage: StorageType.File, num_replicas: 1 }; // as the version before made them
    await manager.streams.add({ ...old, name: STREAMS.events, subjects: ["safebase.event.>"], retention: RetentionPolicy.Limits, max_age: WEEK_NS });
    await manager.streams.add({ ...old, name: streamOf(BUCKETS.leases), subjects: [`$KV.${BUCKETS.leases}.>`], max_msgs_per_subject: 1, max_age: 5e9, duplicate_window: 5e9, allow_rollup_hdrs: true, allow_direct: true });
    await manager.streams.add({ ...old, name: "SAFEBASE_NOTICES", subjects: ["safebase.notice.>"] });
    await manager.consumers.add(STREAMS.events, { durable_name: "gateway", filter_subject: "safebase.event.job.>" });
    for (const subject of [subjects.due(1), "safebase.event.job.7.completed", `$KV.${BUCKETS.leases}.default.job.1`]) await manager.jetstream().publish(subject, "{}");
    await updateTopology(nc, options);
    const events = await manager.streams.info(STREAMS.events);
    expect(events.config.subjects).toEqual([subjects.allDue, subjects.allTicks, subjects.allDeliveries]);
    expect(events.state.messages).toBe(2);
    const leases = await manager.streams.info(streamOf(BUCKETS.leases));
    expect(leases.config).toMatchObject({ max_age: 60_000 * 1e6, allow_rollup_hdrs: false, max_bytes: 16 * 1024 * 1024 });
    expect(leases.state.messages).toBe(1);
    await manager.jetstream().publish(subjects.event("default", 7, "started"), "{}");
    expect((await manager.streams.info(STREAMS.job_events)).state.messages).toBe(1);
    await expect(manager.streams.info("SAFEBASE_NOTICES")).rejects.toThrow("not found");
  });

  it("stay as they were where NATS refuses the change, and the log says which setting it is about", async () => {
    await using nats = await startNats();
    await using nc = await connected(nats.url);
    await ensureTopology(nc, options);
    const log = createLog("test", "silent");
    const said: string[] = [];
    log.error = (_fields: unknown, sentence?: string) => { said.push(sentence ?? ""); };
    await updateTopology(nc, { ...options, replicas: 3, log });
    expect(said[0]).toMatch(/^NATS refuses to change SAFEBASE_COMMANDS; it stays as it was: .*\(SAFEBASE_NATS_REPLICAS is 3/);
    expect(await replicasIn(nc)).toEqual(new Set([1]));
    await nats.wipe();
    await until("it to be back", () => nc.rtt());
    await expect(ensureTopology(nc, { ...options, replicas: 3 })).rejects.toThrow(/^NATS refuses to make SAFEBASE_COMMANDS: .*SAFEBASE_NATS_REPLICAS is 3/);
  });

  it("lie on three servers of a cluster, also those that were made on one", async () => {
    await using cluster = await startCluster();
    await using nc = await connected(cluster.urls.join(","));
    await until("the servers to have found each other", () => ensureTopology(nc, options).then(() => true), { timeout_ms: 30_000 });
    await updateTopology(nc, { ...options, replicas: 3 });
    expect(await replicasIn(nc)).toEqual(new Set([3]));
    const manager = await jetstreamManager(nc);
    await until("the copies to be made", async () => (await manager.streams.info(STREAMS.commands)).cluster?.replicas?.filter(({ current }) => current).length === 2, { timeout_ms: 30_000 });
    await cluster.servers[0]!.stop();
    await until("the other two to take messages", () => manager.jetstream().publish(subjects.due(1), "{}", { timeout: 1_000 }), { timeout_ms: 30_000 });
  });

  it("are waited for by who is no gateway, also after NATS has lost them", async () => {
    await using nats = await startNats();
    const waiting = connectBus(nats, { awaits_gateway: true });
    await using nc = await connected(nats.url);
    expect(await isTopologyThere(nc)).toBe(false);
    await using gateway = await connectBus(nats);
    await using other = await waiting;
    await gateway.nc.close();
    await nats.wipe();
    await until("it to be back", () => other.connected);
    await expect(other.ensure()).rejects.toThrow("a gateway makes them");
    const published = other.publish(subjects.due(1), { n: 1 }, { signal: AbortSignal.timeout(20_000) });
    await using _gateway = await connectBus(nats);
    await published;
  });
});

async function connected(url: string): Promise<NatsConnection & AsyncDisposable> {
  const nc = await connect({ servers: url.split(",").map((each) => each.replace("nats://", "")), reconnectTimeWait: 100, maxReconnectAttempts: -1 });
  return Object.assign(nc, { [Symbol.asyncDispose]: () => nc.close() });
}

async function replicasIn(nc: NatsConnection): Promise<Set<number>> {
  const manager = await jetstreamManager(nc);
  const names = [...Object.values(STREAMS), ...Object.values(BUCKETS).map(streamOf)];
  return new Set(await Promise.all(names.map(async (name) => (await manager.streams.info(name)).config.num_replicas)));
}

/** Three servers that know each other, on loopback. */
async function startCluster(): Promise<{ servers: readonly NatsServer[]; urls: readonly string[] } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const routes = [await freePort(), await freePort(), await freePort()];
  const servers = await Promise.all(routes.map((route, n) => startNats({
    conf: ({ port, store_dir }) => [
      `server_name: "n${n}"`, `listen: "127.0.0.1:${port}"`, `jetstream { store_dir: ${JSON.stringify(store_dir)} }`,
      `cluster { name: "c", listen: "127.0.0.1:${route}", routes: [${routes.map((each) => `"nats://127.0.0.1:${each}"`).join(", ")}] }`,
    ].join("\n"),
  })));
  for (const server of servers) stack.use(server);
  const owned = stack.move();
  return { servers, urls: servers.map(({ url }) => url), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
