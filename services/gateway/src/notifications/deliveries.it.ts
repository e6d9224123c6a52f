import { STREAMS, subjects } from "@safebase/contracts";
import { dropAll, work } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deleteChannel } from "../channels/delete.ts";
import { updateChannel } from "../channels/update.ts";
import { EVERYTHING, findNotification, insertNotification } from "../catalog/notifications.ts";
import type { Deps } from "../jobs/deps.ts";
import { deliver, startRig, type Rig } from "../jobs/rig-fixture.ts";
import { listNotifications } from "./list.ts";
import { reconcileNotifications } from "./reconcile.ts";
import { retryNotification } from "./retry.ts";
import { sendNotifications } from "./send.ts";
import { addChannel, letTimePass, notificationIs, queuedFor, tellSomething } from "./tell-fixture.ts";

const at = (second: number): string => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString();

describe.each(["sqlite", "postgresql"] as const)("notifications on %s", (dialect) => {
  let rig: Rig;
  let gateway: Deps & AsyncDisposable;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
  });
  afterEach(() => rig[Symbol.asyncDispose]());
  const told = (id: number) => rig.told.ui.filter(({ event, data }) => event === "notification" && data["id"] === id);
  /** Deliveries are written in turn: when a later one is, all before it were seen. */
  const seenSoFar = async (channelId: number): Promise<void> => {
    const notice = await tellSomething(rig, gateway);
    await deliver(rig.core.bus, { notification_id: (await notificationIs(rig, channelId, notice, "pending")).id, channel_id: channelId });
    await notificationIs(rig, channelId, notice, "delivered");
  };

  test("a notice waits in the queue of its channel, and each try is written and shown to the channel's owner", async () => {
    const channel = await addChannel(gateway, rig.ann);
    const notice = await tellSomething(rig, gateway);
    const { id, published_at } = await notificationIs(rig, channel.id, notice, "pending");
    await until("it to be queued", async () => (await queuedFor(rig, channel.id)).includes(id));
    expect(published_at === null || published_at <= new Date().toISOString()).toBe(true);
    const about = { notification_id: id, channel_id: channel.id };
    await deliver(rig.core.bus, { ...about, outcome: "retrying", attempt: 1, at: at(1), answer: null, error: "HTTP 500", next_try_at: at(9), group_size: 3 });
    expect(await notificationIs(rig, channel.id, notice, "retrying")).toMatchObject({
      attempts: 1, error: "HTTP 500", answer: null, next_try_at: at(9), last_tried_at: at(1), finished_at: null, group_size: 3,
    });
    await deliver(rig.core.bus, { ...about, attempt: 2, at: at(10), answer: "HTTP 204" });
    expect(await notificationIs(rig, channel.id, notice, "delivered")).toMatchObject({ attempts: 2, error: null, answer: "HTTP 204", next_try_at: null, finished_at: at(10) });
    await until("browsers to be told", () => told(id).length === 2);
    expect(told(id)).toMatchObject([
      { user_id: rig.ann.user_id, data: { status: "retrying", error: "HTTP 500", channel: { name: "ops" }, notice: { kind: "backup_failed", sentence: "Backup failed" } } },
      { user_id: rig.ann.user_id, data: { status: "delivered" } },
    ]);
  });

  test("events that come twice, late or out of turn, of nothing known, or without sense change nothing", async () => {
    const channel = await addChannel(gateway, rig.ann);
    const notice = await tellSomething(rig, gateway);
    const { id } = await notificationIs(rig, channel.id, notice, "pending");
    const about = { notification_id: id, channel_id: channel.id };
    await deliver(rig.core.bus, { ...about, outcome: "retrying", attempt: 2, at: at(2), error: "second", next_try_at: at(5) });
    await deliver(rig.core.bus, { ...about, outcome: "retrying", attempt: 1, at: at(1), error: "first", next_try_at: at(2) });
    await deliver(rig.core.bus, { ...about, outcome: "dead", attempt: 2, at: at(2), error: "the same try, told otherwise" });
    await deliver(rig.core.bus, { ...about, channel_id: channel.id + 1, at: at(9) });
    await deliver(rig.core.bus, { ...about, notification_id: 99_999, at: at(9) });
    await rig.core.bus.publish(subjects.delivery(id), { nonsense: true }, { signal: AbortSignal.timeout(10_000) });
    await seenSoFar(channel.id);
    expect(await notificationIs(rig, channel.id, notice, "retrying")).toMatchObject({ attempts: 2, error: "second", last_tried_at: at(2) });
    await deliver(rig.core.bus, { ...about, attempt: 3, at: at(6), answer: "ok" });
    const end = await notificationIs(rig, channel.id, notice, "delivered");
    for (const outcome of ["delivered", "dead", "retrying"] as const) await deliver(rig.core.bus, { ...about, outcome, attempt: 4, at: at(7), error: "late" });
    await seenSoFar(channel.id);
    expect(await findNotification(rig.db, id, EVERYTHING)).toEqual(end);
    expect(told(id)).toHaveLength(2);
  });

  test("a delivery counts although the clock of whoever tells it is behind", async () => {
    const channel = await addChannel(gateway, rig.ann);
    const notice = await tellSomething(rig, gateway);
    const about = { notification_id: (await notificationIs(rig, channel.id, notice, "pending")).id, channel_id: channel.id };
    await deliver(rig.core.bus, { ...about, outcome: "retrying", attempt: 1, at: at(30), error: "x", next_try_at: at(31) });
    await notificationIs(rig, channel.id, notice, "retrying");
    await deliver(rig.core.bus, { ...about, attempt: 1, at: at(20) });
    await notificationIs(rig, channel.id, notice, "delivered");
  });

  test("two gateways: each notification is handed over once, also when it is taken at once", async () => {
    const other = rig.gateway();
    const channel = await addChannel(gateway, rig.ann);
    const taken: number[] = [];
    await using _ = work(rig.core.bus, {
      stream: STREAMS.notifications, durable: "taker", filter: subjects.notificationsOf(channel.id), concurrency: 4, ack_wait_ms: 5_000,
      handle: async (payload) => {
        const { notification_id } = payload as { notification_id: number };
        taken.push(notification_id);
        await deliver(rig.core.bus, { notification_id, channel_id: channel.id });
      },
    });
    const notices = [];
    for (let n = 0; n < 40; n++) {
      notices.push(await tellSomething(rig, n % 2 === 0 ? gateway : other));
      (n % 2 === 0 ? other : gateway).dispatcher.kick();
    }
    for (const notice of notices) await notificationIs(rig, channel.id, notice, "delivered");
    expect(taken).toHaveLength(new Set(taken).size);
    expect(taken).toHaveLength(40);
  });

  test("two that empty the outbox at the same moment hand each notification over once", async () => {
    const channel = await addChannel(gateway, rig.ann);
    await gateway[Symbol.asyncDispose]();
    for (let n = 0; n < 150; n++) await tellSomething(rig, gateway);
    const publishing = vi.spyOn(rig.core.bus, "publishOnce");
    const signal = AbortSignal.timeout(30_000);
    await Promise.all([sendNotifications(rig.core, signal), sendNotifications(rig.core, signal), sendNotifications(rig.core, signal)]);
    const handed = publishing.mock.calls.map(([subject]) => subject).filter((subject) => subject.startsWith(`safebase.notification.${channel.id}.`));
    expect(handed).toHaveLength(150);
    expect(new Set(handed).size).toBe(150);
    expect(await queuedFor(rig, channel.id)).toHaveLength(150);
  });

  test("NATS loses everything: what is open is published again, what is over is not", async () => {
    const channel = await addChannel(gateway, rig.ann);
    const [over, ...open] = [await tellSomething(rig, gateway), await tellSomething(rig, gateway), await tellSomething(rig, gateway)];
    const rows = [];
    for (const notice of [over, ...open]) rows.push(await notificationIs(rig, channel.id, notice, "pending"));
    const ids = rows.map(({ id }) => id);
    await until("all to be queued", async () => (await queuedFor(rig, channel.id)).length === 3);
    await deliver(rig.core.bus, { notification_id: ids[0]!, channel_id: channel.id });
    await notificationIs(rig, channel.id, over, "delivered");
    await deliver(rig.core.bus, { notification_id: ids[1]!, channel_id: channel.id, outcome: "retrying", error: "x", next_try_at: at(1), at: at(0) });
    await notificationIs(rig, channel.id, open[0], "retrying");
    await letTimePass(rig);
    await rig.nats.wipe();
    await until("the open ones to be queued again", async () => (await queuedFor(rig, channel.id)).length >= 2);
    expect(await queuedFor(rig, channel.id)).toEqual(ids.slice(1));
    // The channel itself is there again, too: see channels.it.ts.
  });

  test("what was delivered while no gateway was there is not published again", async () => {
    const channel = await addChannel(gateway, rig.ann);
    const notice = await tellSomething(rig, gateway);
    const { id } = await notificationIs(rig, channel.id, notice, "pending");
    await until("it to be queued", async () => (await queuedFor(rig, channel.id)).length === 1);
    await gateway[Symbol.asyncDispose]();
    await letTimePass(rig);
    const before = (await findNotification(rig.db, id, EVERYTHING))!.published_at;
    await deliver(rig.core.bus, { notification_id: id, channel_id: channel.id });
    await dropAll(rig.core.bus, STREAMS.notifications, subjects.notificationsOf(channel.id)); // as when it is acknowledged
    // Nobody writes events now: as long as one is unwritten nothing is decided.
    expect(await reconcileNotifications(rig.core, AbortSignal.timeout(1_000))).toBe(false);
    expect(await findNotification(rig.db, id, EVERYTHING)).toMatchObject({ status: "pending", published_at: before });
    gateway = rig.gateway();
    await seenSoFar(channel.id);
    expect(await notificationIs(rig, channel.id, notice, "delivered")).toMatchObject({ published_at: before });
    expect(await queuedFor(rig, channel.id)).not.toContain(id);
  });

  test("a channel that is removed or disabled is told nothing any more: what was open is dead, with a sentence", async () => {
    const [removed, disabled] = [await addChannel(gateway, rig.ann), await addChannel(gateway, rig.ann)];
    const notice = await tellSomething(rig, gateway);
    const { id } = await notificationIs(rig, removed.id, notice, "pending");
    for (const { id: channel } of [removed, disabled]) await until("it to be queued", async () => (await queuedFor(rig, channel)).length === 1);
    await deleteChannel(gateway, rig.ann, { id: removed.id });
    await updateChannel(gateway, rig.ann, { id: disabled.id, enabled: false });
    expect(await notificationIs(rig, removed.id, notice, "dead")).toMatchObject({ error: "the channel was removed", finished_at: expect.any(String), channel_name: "ops" });
    expect(await notificationIs(rig, disabled.id, notice, "dead")).toMatchObject({ error: "the channel was disabled" });
    for (const { id: channel } of [removed, disabled]) await until("the queue to be empty", async () => (await queuedFor(rig, channel)).length === 0);
    await deliver(rig.core.bus, { notification_id: id, channel_id: removed.id });
    const third = await addChannel(gateway, rig.ann);
    await seenSoFar(third.id);
    expect((await findNotification(rig.db, id, EVERYTHING))!.status).toBe("dead");
    expect((await rig.db.selectFrom("notifications").select("id").where("channel_id", "in", [removed.id, disabled.id]).execute())).toHaveLength(2);
  });

  test("what was told to a channel in the moment in which it went is ended by the reconciliation", async () => {
    const notice = await tellSomething(rig, gateway);
    await insertNotification(rig.db, notice, { id: 9_999, name: "gone", type: "slack", user_id: rig.ann.user_id });
    expect(await notificationIs(rig, 9_999, notice, "dead")).toMatchObject({ error: "the channel was removed or disabled" });
  });

  test("a dead one is tried again by its channel's owner, and an old word of its death does not end it", async () => {
    const channel = await addChannel(gateway, rig.ann);
    const notice = await tellSomething(rig, gateway);
    const { id } = await notificationIs(rig, channel.id, notice, "pending");
    await expect(retryNotification(gateway, rig.ann, { id })).rejects.toMatchObject({ code: "conflict", message: `notification ${id} is pending: only a dead one is tried again` });
    await until("it to be queued", async () => (await queuedFor(rig, channel.id)).length === 1);
    const death = { notification_id: id, channel_id: channel.id, outcome: "dead", attempt: 7, at: at(7), error: "HTTP 410", answer: null } as const;
    await deliver(rig.core.bus, death);
    await dropAll(rig.core.bus, STREAMS.notifications, subjects.notificationsOf(channel.id));
    await notificationIs(rig, channel.id, notice, "dead");
    await expect(retryNotification(gateway, rig.bob, { id })).rejects.toMatchObject({ code: "not_found" });
    expect(await retryNotification(gateway, rig.ann, { id })).toMatchObject({ status: "pending", error: "HTTP 410", finished_at: null });
    await until("it to be queued again", async () => (await queuedFor(rig, channel.id)).includes(id));
    await deliver(rig.core.bus, death);
    await seenSoFar(channel.id);
    await notificationIs(rig, channel.id, notice, "pending");
    await deliver(rig.core.bus, { notification_id: id, channel_id: channel.id, attempt: 1, at: at(20) });
    await notificationIs(rig, channel.id, notice, "delivered");
    expect((await rig.db.selectFrom("audit").select(["action", "object_id"]).where("action", "=", "notification.retry").execute())).toEqual([{ action: "notification.retry", object_id: id }]);
  });

  test("that died with its channel is not tried again", async () => {
    const channel = await addChannel(gateway, rig.ann);
    const notice = await tellSomething(rig, gateway);
    const { id } = await notificationIs(rig, channel.id, notice, "pending");
    await updateChannel(gateway, rig.ann, { id: channel.id, enabled: false });
    await expect(retryNotification(gateway, rig.ann, { id })).rejects.toMatchObject({ code: "conflict", message: "channel ops is disabled", hint: "enable it first" });
    await deleteChannel(gateway, rig.ann, { id: channel.id });
    await expect(retryNotification(gateway, rig.ann, { id })).rejects.toMatchObject({ code: "conflict", message: "channel ops was removed" });
  });

  test("are listed for the channel's owner, and those of the configuration for an admin who asks for all", async () => {
    const [hers, his] = [await addChannel(gateway, rig.ann), await addChannel(gateway, rig.bob)];
    const [failed] = [await tellSomething(rig, gateway), await tellSomething(rig, gateway, "backup_completed", { user_id: rig.bob.user_id })];
    await notificationIs(rig, hers.id, failed, "pending");
    const seen = async (actor: Parameters<typeof listNotifications>[1], filter = {}) =>
      (await listNotifications(gateway, actor, { page: 1, per_page: 50, ...filter })).notifications.map(({ channel, notice }) => [channel.id, notice.kind]);
    expect(await seen(rig.ann)).toEqual([[hers.id, "backup_failed"]]);
    expect(await seen(rig.bob)).toEqual([[his.id, "backup_completed"]]);
    const root = { ...rig.ann, role: "admin", scope: "all" } as const;
    expect(await seen(root)).toHaveLength(4); // the rig's own channel of the configuration is told of both
    expect(await seen(root, { kind: "backup_failed", channel_id: hers.id, status: "pending" })).toEqual([[hers.id, "backup_failed"]]);
    expect(await seen(root, { database_id: 5 })).toEqual([]);
    expect((await listNotifications(gateway, root, { page: 2, per_page: 3 })).pagination).toEqual({ page: 2, per_page: 3, total: 4, pages: 2 });
    // Who was an admin when his channel was told of others is none any more.
    await rig.db.updateTable("notifications").set({ user_id: rig.bob.user_id }).where("channel_id", "=", hers.id).execute();
    expect(await seen(rig.bob)).toEqual([[his.id, "backup_completed"]]);
  });
});
