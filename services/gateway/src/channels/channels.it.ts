import { BUCKETS, ChannelConfig, NOTICE_KINDS, SealedChannel, subjects, type ChannelTestReply, type ChannelTestRequest } from "@safebase/contracts";
import { CHANNEL_CONTEXT, ConfigError, type Config } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listChannels as rowsOf } from "../catalog/channels.ts";
import { updateAccount } from "../catalog/users.ts";
import type { Actor, Core, Deps } from "../jobs/deps.ts";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { addChannel, notificationIs, tellSomething } from "../notifications/tell-fixture.ts";
import { syncConfiguredChannels } from "./configured.ts";
import { deleteChannel } from "./delete.ts";
import { listChannels } from "./list.ts";
import { testChannel, testConfig } from "./test.ts";
import { updateChannel } from "./update.ts";

const SECRET = "s3cr3t-p4th";
const config = { type: "webhook", url: `http://192.0.2.1/${SECRET}` } as const;

describe.each(["sqlite", "postgresql"] as const)("channels on %s", (dialect) => {
  let rig: Rig;
  let gateway: Deps & AsyncDisposable;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const entry = (id: number) => rig.core.bus.withBucket(BUCKETS.channels, async (kv) => {
    const found = await kv.get(`channel.${id}`);
    return found?.operation === "PUT" ? { revision: found.revision, channel: SealedChannel.parse(found.json()) } : undefined;
  });
  const admin = async (): Promise<Actor> => {
    await updateAccount(rig.db, rig.bob.user_id, { role: "admin" });
    return { ...rig.bob, role: "admin" };
  };

  describe("the notifiers' bucket", () => {
    test("follows the catalog at once", async () => {
      const { id } = await addChannel(gateway, rig.ann, { config, language: "fr", group_s: 7 });
      const { channel, revision } = await until("it to be there", () => entry(id));
      expect(channel).toMatchObject({ channel_id: id, name: "ops", type: "webhook", language: "fr", group_s: 7, watches_gateway: false, trusted: false });
      expect(ChannelConfig.parse(JSON.parse(rig.core.secrets.open(channel.config_sealed, CHANNEL_CONTEXT)))).toEqual(config);
      expect(JSON.stringify(channel)).not.toContain(SECRET);
      await updateChannel(gateway, rig.ann, { id, name: "new" });
      await until("the change", async () => (await entry(id))?.channel.name === "new");
      expect((await entry(id))!.revision).toBeGreaterThan(revision);
      await updateChannel(gateway, rig.ann, { id, enabled: false });
      await until("it to be gone", async () => await entry(id) === undefined);
      await updateChannel(gateway, rig.ann, { id, enabled: true });
      await until("it to be back", () => entry(id));
      await deleteChannel(gateway, rig.ann, { id });
      await until("it to be gone for good", async () => await entry(id) === undefined);
    });

    test("is put right by the reconciliation, which writes what differs and nothing else", async () => {
      const [kept, altered, lost] = [await addChannel(gateway, rig.ann), await addChannel(gateway, rig.ann), await addChannel(gateway, rig.ann)];
      const before = await until("all to be there", async () => (await entry(lost.id)) && (await entry(altered.id)) && entry(kept.id));
      await rig.core.bus.withBucket(BUCKETS.channels, async (kv) => {
        await kv.put(`channel.${altered.id}`, JSON.stringify({ ...before.channel, channel_id: altered.id, name: "altered" }));
        await kv.delete(`channel.${lost.id}`);
        await kv.put("channel.9999", "{}");
      });
      gateway.dispatcher.channelsChanged();
      await until("all to be right", async () => (await entry(lost.id)) && (await entry(altered.id))?.channel.name === "ops");
      await until("the strange one to be gone", () => rig.core.bus.withBucket(BUCKETS.channels, async (kv) => (await kv.get("channel.9999"))?.operation === "DEL"));
      expect((await entry(kept.id))!.revision).toBe(before.revision);
      await rig.nats.wipe();
      for (const { id } of [kept, altered, lost]) await until("it to be back", () => entry(id));
    });

    test("says who watches the gateway: an admin's channel for all that asks for it, and no longer when he is none", async () => {
      const root = await admin();
      const [watching, deaf, own] = [
        await addChannel(gateway, root, { all_users: true }), await addChannel(gateway, root, { all_users: true, events: ["backup_failed"] }), await addChannel(gateway, root),
      ];
      await until("the last to be there", () => entry(own.id));
      expect(await Promise.all([watching, deaf, own].map(async ({ id }) => (await entry(id))?.channel.watches_gateway))).toEqual([true, false, false]);
      await updateAccount(rig.db, rig.ann.user_id, { role: "admin" });
      await updateAccount(rig.db, rig.bob.user_id, { role: "user" });
      await until("it to be seen", async () => (await entry(watching.id))?.channel.watches_gateway === false);
      const notice = await tellSomething(rig, gateway);
      expect(await rig.db.selectFrom("notifications").select("id").where("notice_id", "=", notice.id).where("channel_id", "=", watching.id).execute()).toEqual([]);
    });
  });

  describe("channels of the configuration", () => {
    const given = (settings: Partial<Config>): Core => ({ ...rig.core, config: { ...rig.core.config, ...settings } });
    const both = { alert_email: "Ops <ops@example.org>, second@example.org", alert_webhook_url: `http://127.0.0.1:1/${SECRET}`, alert_group_s: 5 };
    const rows = async () => (await rowsOf(rig.db, "all")).filter(({ source }) => source === "configuration");
    beforeEach(() => rig.db.deleteFrom("channels").execute());

    test("are written at the start, once by however many gateways, and stay the same", async () => {
      await Promise.all([1, 2, 3].map(() => syncConfiguredChannels(given(both))));
      const before = await rows();
      expect(before).toMatchObject([
        { name: "SAFEBASE_ALERT_EMAIL", type: "email", target: "ops@example.org, second@example.org", user_id: null, all_users: 1, group_s: 5, enabled: 1 },
        { name: "SAFEBASE_ALERT_WEBHOOK_URL", type: "webhook", target: "127.0.0.1:1", events: JSON.stringify(NOTICE_KINDS) },
      ]);
      expect(JSON.parse(before[0]!.events)).toEqual(expect.arrayContaining(["backup_failed", "restore_failed", "verification_failed", "gateway_lost", "objective_missed"]));
      expect(before[0]!.events).not.toMatch(/completed|at_risk|login/);
      await syncConfiguredChannels(given(both));
      expect(await rows()).toEqual(before);
      gateway.dispatcher.channelsChanged();
      const { channel } = await until("it to be there", () => entry(before[1]!.id));
      expect(channel).toMatchObject({ trusted: true, watches_gateway: true, group_s: 5 });
    });

    test("follow their settings, and end with them", async () => {
      await syncConfiguredChannels(given(both));
      const [email, webhook] = await rows();
      await syncConfiguredChannels(given({ ...both, alert_webhook_url: "http://127.0.0.1:2/" }));
      expect(await rows()).toMatchObject([email!, { id: webhook!.id, target: "127.0.0.1:2" }]);
      const notice = await tellSomething(rig, gateway);
      await notificationIs(rig, webhook!.id, notice, "pending");
      await syncConfiguredChannels(given({ alert_email: both.alert_email, alert_group_s: 60 }));
      expect(await rows()).toMatchObject([{ id: email!.id, group_s: 60 }]);
      expect(await notificationIs(rig, webhook!.id, notice, "dead")).toMatchObject({ error: "the channel was removed: SAFEBASE_ALERT_WEBHOOK_URL is not set any more" });
    });

    test("are shown to admins who ask for all, and changed by nobody", async () => {
      await syncConfiguredChannels(given(both));
      const root = { ...await admin(), scope: "all" } as const;
      const shown = await listChannels(gateway, root);
      expect(shown).toMatchObject([{ source: "configuration", config: { to: ["ops@example.org", "second@example.org"] } }, { source: "configuration", secret_fields: ["url"] }]);
      expect(JSON.stringify(shown)).not.toContain(SECRET);
      expect(await listChannels(gateway, rig.ann)).toEqual([]);
      const id = shown[1]!.id;
      const refused = { code: "conflict", message: `channel ${id} belongs to the configuration`, hint: "change the setting SAFEBASE_ALERT_WEBHOOK_URL and start again" };
      await expect(updateChannel(gateway, root, { id, enabled: false })).rejects.toMatchObject(refused);
      await expect(deleteChannel(gateway, root, { id })).rejects.toMatchObject(refused);
      await expect(deleteChannel(gateway, { ...root, scope: { user_id: root.user_id } }, { id })).rejects.toMatchObject({ code: "not_found" });
    });

    test("that make no sense stop the start, named", async () => {
      await expect(syncConfiguredChannels(given({ alert_email: "nobody" }))).rejects.toThrow(ConfigError);
      await expect(syncConfiguredChannels(given({ alert_email: "nobody" }))).rejects.toThrow(/^SAFEBASE_ALERT_EMAIL: /);
    });
  });

  describe("the list", () => {
    test("says whose each is and what it was told last, and nobody else hears of it", async () => {
      const [told, quiet] = [await addChannel(gateway, rig.ann), await addChannel(gateway, rig.ann, { events: ["objective_missed"] })];
      await tellSomething(rig, gateway, "restore_failed");
      const last = await notificationIs(rig, told.id, await tellSomething(rig, gateway), "pending");
      expect(await listChannels(gateway, rig.ann)).toMatchObject([
        { id: told.id, user_email: rig.ann.email, newest: { id: last.id, status: "pending", notice: { kind: "backup_failed" } } }, { id: quiet.id, newest: null },
      ]);
      expect(await listChannels(gateway, rig.bob)).toEqual([]);
      expect((await listChannels(gateway, { ...await admin(), scope: "all" })).filter(({ source }) => source === "api").map(({ user_email }) => user_email)).toEqual([rig.ann.email, rig.ann.email]);
    });
  });

  describe("a test", () => {
    test("goes to a notifier, sealed, and answers what the other side said", async () => {
      const asked: ChannelTestRequest[] = [];
      let reply: ChannelTestReply = { ok: true, answer: "HTTP 200 ok", elapsed_ms: 12 };
      using _ = await rig.core.bus.respond(subjects.channelTest, "notifiers", async (payload) => { asked.push(payload as ChannelTestRequest); return reply; });
      const { id } = await addChannel(gateway, rig.ann, { config, language: "fr" });
      expect(await testChannel(gateway, rig.ann, { id })).toEqual({ ok: true, answer: "HTTP 200 ok", elapsed_ms: 12 });
      expect(asked[0]!.channel).toMatchObject({ channel_id: id, language: "fr", trusted: false });
      reply = { ok: false, failure: { code: "unreachable", message: "HTTP 404", hint: "look at the address" }, elapsed_ms: 3 };
      expect(await testConfig(gateway, rig.ann, { config })).toEqual({ ok: false, error: "HTTP 404", code: "unreachable", hint: "look at the address", elapsed_ms: 3 });
      expect(JSON.stringify(asked)).not.toContain(SECRET);
      expect(JSON.parse(rig.core.secrets.open(asked[1]!.channel.config_sealed, CHANNEL_CONTEXT))).toEqual(config);
      await expect(testConfig(gateway, rig.ann, { config: { type: "slack", url: "http://127.0.0.1/" } })).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(/^config\.url: /) });
      await expect(testChannel(gateway, rig.bob, { id })).rejects.toMatchObject({ code: "not_found" });
      expect(asked).toHaveLength(2);
      const audit = await rig.db.selectFrom("audit").select(["outcome", "detail"]).where("action", "=", "channel.test").orderBy("id").execute();
      expect(audit.map(({ outcome, detail }) => [outcome, JSON.parse(detail!) as unknown])).toEqual([
        ["ok", { type: "webhook", target: "192.0.2.1" }], ["failed", { type: "webhook", target: "192.0.2.1", code: "unreachable" }],
      ]);
    });

    test("says so when there is no notifier", async () => {
      await expect(testConfig(gateway, rig.ann, { config })).rejects.toMatchObject({ code: "no_executor", message: "no notifier is running", hint: "start a notifier, or see its log" });
    });

    test("is not made more than ten times a minute by one user", async () => {
      using _ = await rig.core.bus.respond(subjects.channelTest, "notifiers", async () => ({ ok: true, answer: "ok", elapsed_ms: 1 }));
      for (let n = 0; n < 10; n++) await testConfig(gateway, rig.ann, { config });
      await expect(testConfig(gateway, rig.ann, { config })).rejects.toMatchObject({ code: "too_many_requests", message: "too many test messages, try again later", retry_after_s: expect.any(Number) });
      expect((await testConfig(gateway, rig.bob, { config })).ok).toBe(true);
      await rig.db.updateTable("login_throttle").set({ window_started_at: new Date(Date.now() - 61_000).toISOString() }).where("key", "=", `channel-test:${rig.ann.user_id}`).execute();
      expect((await testConfig(gateway, rig.ann, { config })).ok).toBe(true);
    });
  });
});
