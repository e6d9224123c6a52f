import { BUCKETS, commandConsumerOf, inboxPrefixOf, STREAMS, streamOf, subjects, type NatsRole } from "@safebase/contracts";
import { PermissionViolationError, type NatsConnection } from "@nats-io/transport-node";
import { makeCertificates, startNats, tempDir, until } from "@safebase/testing";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteCommand } from "./bus.fixture.ts";
import { readBucket } from "./bucket.ts";
import type { Bus } from "./bus.ts";
import { prepareQueue, queueOf } from "./consumer.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { takeIn } from "./intake.ts";
import { acquireLease, heldStems } from "./leases.ts";
import { createLog } from "./log.ts";
import { claimsOf } from "./nats-creds.ts";
import { Publisher } from "./publisher.ts";
import { lastOf } from "./queue.ts";
import { startSecuredNats, type SecuredNats } from "./secured-fixture.ts";
import { work } from "./worker.ts";

const EXECUTOR: NatsRole = { service: "executor", group: "default" };
const never = new AbortController().signal;
let nats: SecuredNats, gateway: Bus;

beforeAll(async () => {
  nats = await startSecuredNats();
  gateway = await nats.connect({ service: "gateway" });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await nats[Symbol.asyncDispose]();
});

describe("an executor's credentials", () => {
  it("let it do its work, and take and give nothing else", async () => {
    await using bus = await nats.connect(EXECUTOR);
    const violations = violationsOf(bus.nc);
    const done: unknown[] = [];
    await prepareQueue(gateway, "default");
    await using _worker = work(bus, { ...queueOf(bus, "default"), concurrency: 1, handle: async (payload) => { done.push(payload); } });
    await gateway.enqueue(deleteCommand(1));
    await until("the command", () => done.length === 1);
    await using lease = (await acquireLease(bus, { group: "default", job_id: 1 }, { run_id: "a", executor_id: "e", stem: "postgresql/shop" }))!;
    await lease.confirm(0);
    expect(await acquireLease(bus, { group: "default", job_id: 1 }, { run_id: "b", executor_id: "e" })).toBeUndefined();
    expect(await heldStems(bus)).toEqual(new Set(["postgresql/shop"]));
    await bus.publish(subjects.event("default", 1, "started"), {}, { msgId: "one", signal: never });
    using _probe = await bus.respond(subjects.probe("default"), "executors", async () => ({ ok: true }));
    expect(await gateway.request(subjects.probe("default"), {}, 5_000)).toEqual({ ok: true });
    expect(violations).toEqual([]);
  });

  it("are refused whatever is another group's, another service's, or the gateway's to decide", async () => {
    await using bus = await nats.connect(EXECUTOR);
    const violations = violationsOf(bus.nc);
    const publish = [
      subjects.command("default", 7), subjects.command("other", 7), subjects.event("other", 7, "completed"), subjects.progress("other", 7),
      subjects.due(1), subjects.tick("sweep"), subjects.delivery(1), subjects.notification(1, 1), subjects.cancel, subjects.sweep("default"), subjects.ui, subjects.probe("default"),
      `$KV.${BUCKETS.leases}.other.job.7`, `$KV.${BUCKETS.executors}.other.e`, `$KV.${BUCKETS.channels}.channel.1`, `$KV.${BUCKETS.schedules}.schedule.1`, `$KV.${BUCKETS.heartbeats}.gateway.x`,
      ...["DELETE", "UPDATE", "PURGE", "CREATE"].map((act) => `$JS.API.STREAM.${act}.${STREAMS.job_events}`), `$JS.API.STREAM.DELETE.${STREAMS.commands}`,
      `$JS.API.STREAM.PURGE.${streamOf(BUCKETS.leases)}`, `$JS.API.STREAM.MSG.DELETE.${streamOf(BUCKETS.leases)}`, `$JS.API.STREAM.MSG.GET.${streamOf(BUCKETS.channels)}`,
      `$JS.API.STREAM.MSG.GET.${STREAMS.commands}`, `$JS.API.STREAM.MSG.GET.${STREAMS.job_events}`, `$JS.API.DIRECT.GET.${streamOf(BUCKETS.leases)}`, "$JS.API.STREAM.LIST", "$JS.API.INFO",
      `$JS.API.CONSUMER.CREATE.${STREAMS.commands}.mine`, `$JS.API.CONSUMER.DURABLE.CREATE.${STREAMS.commands}.${commandConsumerOf("default")}`, `$JS.API.CONSUMER.CREATE.${streamOf(BUCKETS.leases)}`,
      `$JS.API.CONSUMER.DELETE.${STREAMS.commands}.${commandConsumerOf("default")}`, `$JS.API.CONSUMER.MSG.NEXT.${STREAMS.commands}.${commandConsumerOf("other")}`,
      `$JS.ACK.${STREAMS.commands}.${commandConsumerOf("other")}.1.1.1.1.0`, `${inboxPrefixOf("gateway")}.x`, "$SYS.REQ.SERVER.PING",
    ];
    const subscribe = [
      ">", "safebase.>", subjects.commandsOf("default"), subjects.commandsOf("other"), subjects.allJobEvents, subjects.allProgress, subjects.probe("other"), subjects.sweep("other"), subjects.ui,
      subjects.channelTest, `$KV.${BUCKETS.channels}.>`, `$KV.${BUCKETS.leases}.>`, "_INBOX.>", `${inboxPrefixOf("gateway")}.>`, `${inboxPrefixOf("executor-other")}.>`, "$JS.API.>", "$SYS.>",
    ];
    for (const subject of publish) bus.nc.publish(subject, "{}");
    for (const subject of subscribe) bus.nc.subscribe(subject, { callback: () => undefined });
    await bus.nc.flush();
    const wanted = [...publish.map((subject) => `publish ${subject}`), ...subscribe.map((subject) => `subscription ${subject}`)];
    await until("every refusal", () => violations.length >= wanted.length).catch(() => undefined); // said better by what follows
    expect(wanted.filter((each) => !violations.includes(each))).toEqual([]);
    expect(await gateway.enqueue(deleteCommand(7))).toBe(true); // nothing lies where it wrote
  });

  it("cannot have NATS say for it what it may not say itself", async () => {
    await using bus = await nats.connect(EXECUTOR);
    const said: unknown[] = [];
    await using _gateway = work(gateway, { stream: STREAMS.job_events, durable: "test", filter: subjects.allJobEvents, concurrency: 1, ack_wait_ms: 10_000, handle: async (payload, _n, _s, subject) => void said.push([subject, payload]) });
    const lie = { type: "failed", job_id: 7 };
    await bus.withBucket(BUCKETS.leases, (kv) => kv.put("default.job.9", JSON.stringify(lie)));
    const target = subjects.event("other", 7, "failed");
    const get = (way: string, body: string): void => bus.nc.publish(`$JS.API.${way}.${streamOf(BUCKETS.leases)}`, body, { reply: target });
    get("STREAM.MSG.GET", JSON.stringify({ last_by_subj: `$KV.${BUCKETS.leases}.default.job.9` }));
    get("DIRECT.GET", JSON.stringify({ last_by_subj: `$KV.${BUCKETS.leases}.default.job.9` }));
    await bus.publish(subjects.event("default", 7, "done"), { last: true }, { signal: never });
    await until("the last", () => said.some((each) => JSON.stringify(each).includes("last\":true")));
    expect(said).not.toContainEqual([target, lie]); // an answer of NATS at most, which is no event
  });
});

describe("the credentials of the others", () => {
  it("let the scheduler and the notifier do their work, and not the executor's", async () => {
    await using scheduler = await nats.connect({ service: "scheduler" });
    await using notifier = await nats.connect({ service: "notifier" });
    const violations = [violationsOf(scheduler.nc), violationsOf(notifier.nc)];
    await gateway.withBucket(BUCKETS.schedules, (kv) => kv.put("schedule.1", "{}"));
    await gateway.withBucket(BUCKETS.channels, (kv) => kv.put("channel.1", "{}"));
    expect((await readBucket(scheduler, BUCKETS.schedules)).writes).toHaveLength(1);
    expect((await readBucket(notifier, BUCKETS.channels)).writes).toHaveLength(1);
    using publisher = new Publisher(scheduler);
    expect(await publisher.publish(subjects.due(1), "{}", "due")).toBe(true);
    await scheduler.withBucket(BUCKETS.scheduler, (kv) => kv.put("emitted_until", "{}"));
    expect(await scheduler.withBucket(BUCKETS.scheduler, async (kv) => (await kv.get("emitted_until"))?.string())).toBe("{}");
    const told: string[] = [];
    await using _lane = takeIn(notifier, {
      stream: STREAMS.notifications, durable: "channel-1", filter: subjects.notificationsOf(1), batch: 10, ack_wait_ms: 30_000, room: async () => undefined,
      take: (message) => { told.push(message.subject); void message.done(); },
    });
    await gateway.publishOnce(subjects.notification(1, 1), {});
    await until("the notification", () => told.length === 1);
    await notifier.publish(subjects.delivery(1), { ok: true }, { signal: never });
    expect((await lastOf(notifier, STREAMS.events, subjects.delivery(1)))?.text).toBe('{"ok":true}');
    await startHeartbeat(scheduler, "scheduler")[Symbol.asyncDispose]();
    await startHeartbeat(notifier, "notifier")[Symbol.asyncDispose]();
    expect(violations).toEqual([[], []]);
    for (const bus of [scheduler, notifier]) {
      bus.nc.publish(subjects.command("default", 8), "{}");
      bus.nc.publish(subjects.event("default", 8, "completed"), "{}");
      await bus.nc.flush();
    }
    await until("four refusals", () => violations.flat().length === 4);
  });

  it("are taken back at once", async () => {
    const creds = await nats.creds(EXECUTOR);
    await using bus = await nats.connect(EXECUTOR, { creds });
    await nats.revoke(claimsOf(creds).user_key);
    await until("it to be cut off", () => !bus.connected);
    await until("the others to be there, cut off or not", () => gateway.connected);
    expect(await sentenceOf({ creds })).toContain("NATS refuses to let us in");
  });
});

describe("a connection", () => {
  it.each([
    ["without credentials", async () => ({ creds: undefined }), "NATS refuses to let us in"],
    ["with a wrong CA", async () => ({ ca: await anotherCa() }), "that the CA in SAFEBASE_NATS_CA has not signed"],
    ["with credentials of another account", async () => { await using other = await startSecuredNats(); return { creds: await other.creds(EXECUTOR) }; }, "NATS refuses to let us in"],
  ])("%s is not made, and the log says why", async (_how, options, sentence) => {
    expect(await sentenceOf(await options())).toContain(sentence);
  });

  it("is not made where the certificate is for another name", async () => {
    await using elsewhere = await startSecuredNats("DNS:nats.example.org");
    expect(await sentenceOf({ url: elsewhere.url, ca: elsewhere.ca })).toContain("is not for the name in SAFEBASE_NATS_URL");
  });

  it("is not made without TLS where TLS is asked for", async () => {
    await using plain = await startNats();
    expect(await sentenceOf({ url: plain.url })).toContain("NATS offers no TLS");
  });
});

/** What the log says first of a connection that cannot be made. */
async function sentenceOf(options: { creds?: string | undefined; ca?: string; url?: string }): Promise<string> {
  const stop = new AbortController();
  const log = createLog("test", "silent");
  let said = "";
  log.warn = (_fields: unknown, sentence?: string) => { said ||= sentence ?? ""; stop.abort(); };
  await expect(nats.connect(EXECUTOR, { ...options, log }, stop.signal)).rejects.toMatchObject({ code: "canceled" });
  return said;
}

async function anotherCa(): Promise<string> {
  await using dir = await tempDir("ca");
  return await readFile(makeCertificates(dir.path).ca_path, "utf8");
}

/** What NATS refuses on this connection, from now on. */
function violationsOf(nc: NatsConnection): string[] {
  const seen: string[] = [];
  void (async () => {
    for await (const status of nc.status()) {
      if (status.type === "error" && status.error instanceof PermissionViolationError) seen.push(`${status.error.operation} ${status.error.subject}`);
    }
  })();
  return seen;
}
