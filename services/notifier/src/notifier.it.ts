import { subjects } from "@safebase/contracts";
import { startSmtp, until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { startHung, startReceiver, startWorld } from "./notifier-fixture.ts";

describe.concurrent("the notifier", () => {
  it("tells of a failed backup by mail and webhook, and says so", async () => {
    await using smtp = await startSmtp();
    await using hook = await startReceiver();
    await using world = await startWorld();
    await using notifier = await world.notifier();
    await world.putChannel(1, { type: "email", to: ["ops@example.org"], smtp_url: smtp.url, from: "safebase@example.org" });
    await world.putChannel(2, { type: "webhook", url: hook.url });
    await world.notify(1, 11);
    const notice = await world.notify(2, 12);
    const mail = await smtp.waitForMail();
    expect(mail).toMatchObject({ from: "safebase@example.org", to: ["ops@example.org"], raw: expect.stringContaining("the server refused the password") });
    expect(await world.outcome(11, "delivered")).toMatchObject({ channel_id: 1, attempt: 1, group_size: 1, answer: expect.stringMatching(/^250/), error: null, next_try_at: null });
    expect(await world.outcome(12, "delivered")).toMatchObject({ channel_id: 2, answer: "HTTP 204" });
    expect(hook.requests).toMatchObject([{ notices: [notice], test: false }]);
    await until("an empty queue", async () => await world.queued() === 0);
    expect(await notifier.metric("safebase_notifications_total", { channel_type: "email", outcome: "delivered" })).toBe(1);
    expect(await notifier.metric("safebase_notifications_total", { channel_type: "slack", outcome: "dead" })).toBe(0);
    expect(await notifier.metric("safebase_notification_groups_open")).toBe(0);
  });

  it("makes fifty failures one message with fifty lines", async () => {
    await using smtp = await startSmtp();
    await using world = await startWorld();
    await using _notifier = await world.notifier();
    await world.putChannel(1, { type: "email", to: ["ops@example.org"], smtp_url: smtp.url }, { group_s: 2 });
    for (let id = 1; id <= 50; id++) await world.notify(1, id, { database: { id, name: `shop-${id}`, type: "mysql" } });
    const events = await Promise.all(Array.from({ length: 50 }, (_, at) => world.outcome(at + 1, "delivered")));
    expect(smtp.mails).toHaveLength(1);
    for (let id = 1; id <= 50; id++) expect(smtp.mails[0]!.raw).toContain(`shop-${id}`);
    expect(new Set(events.map(({ group_id, group_size, answer }) => `${group_id} ${group_size} ${answer}`)).size).toBe(1);
    expect(events[0]!.group_size).toBe(50);
  });

  it("tells what comes later in another message, and each alone where nothing is grouped", async () => {
    await using grouped = await startReceiver();
    await using single = await startReceiver();
    await using world = await startWorld();
    await using _notifier = await world.notifier();
    await world.putChannel(1, { type: "webhook", url: grouped.url }, { group_s: 0.5 });
    await world.putChannel(2, { type: "webhook", url: single.url });
    for (const id of [1, 2]) await world.notify(1, id);
    await world.outcome(2, "delivered");
    await world.notify(1, 3);
    for (const id of [21, 22, 23]) await world.notify(2, id);
    await world.outcome(3, "delivered");
    await until("three", () => single.requests.length === 3);
    expect(grouped.requests.map(({ notices }) => notices.length)).toEqual([2, 1]);
    expect(new Set(single.requests.map(({ delivery_id }) => delivery_id)).size).toBe(3);
  });

  it("is held up by nobody who hangs: no other channel, no other message of the same one", async () => {
    await using hung = await startHung();
    await using hook = await startReceiver(({ notices }) => (notices[0]!.id === "notice-21" ? "hang" : 204));
    await using world = await startWorld();
    await using notifier = await world.notifier();
    await world.putChannel(1, { type: "email", to: ["ops@example.org"], smtp_url: `smtp://127.0.0.1:${hung.port}` });
    await world.putChannel(2, { type: "webhook", url: hook.url });
    for (const id of [11, 12]) await world.notify(1, id);
    await until("the mail server to be called", () => hung.calls() > 0);
    await world.notify(2, 21);
    await until("the hook to hang", () => hook.requests.length === 1);
    for (const id of [22, 23, 24]) await world.notify(2, id);
    for (const id of [22, 23, 24]) await world.outcome(id, "delivered");
    expect([...world.eventsOf(11), ...world.eventsOf(21)]).toEqual([]); // they still hang
    await until("the groups of the others to be closed", async () => await notifier.metric("safebase_notification_groups_open") === 3); // an outcome is told before
  });

  it("tries again after ever longer pauses, shows each try, and delivers once", async () => {
    const answers = [500, "close" as const];
    await using hook = await startReceiver(() => answers.shift() ?? 204);
    await using world = await startWorld();
    await using notifier = await world.notifier();
    await world.putChannel(1, { type: "webhook", url: hook.url });
    await world.notify(1, 1);
    await world.outcome(1, "delivered");
    const [first, second, third] = world.eventsOf(1);
    expect([first, second, third]).toMatchObject([
      { outcome: "retrying", attempt: 1, answer: null, error: expect.stringContaining("HTTP 500") },
      { outcome: "retrying", attempt: 2, error: expect.stringContaining("closed the connection") },
      { outcome: "delivered", attempt: 3, error: null, next_try_at: null },
    ]);
    expect(Date.parse(second!.at)).toBeGreaterThanOrEqual(Date.parse(first!.next_try_at!));
    expect(hook.requests.map(({ delivery_id }) => delivery_id)).toEqual(Array(3).fill(third!.group_id));
    expect(await notifier.metric("safebase_notifications_total", { channel_type: "webhook", outcome: "retrying" })).toBe(2);
  });

  it("sends what was refused together together again, when the other side wants it", async () => {
    await using hook = await startReceiver(() => (hook.requests.length === 1 ? 503 : 204));
    hook.headers = { "retry-after": "5" };
    await using world = await startWorld();
    await using _notifier = await world.notifier();
    await world.putChannel(1, { type: "webhook", url: hook.url }, { group_s: 1 });
    for (const id of [1, 2, 3]) await world.notify(1, id);
    const events = await Promise.all([1, 2, 3].map((id) => world.outcome(id, "delivered")));
    expect(hook.requests.map(({ notices }) => notices.length)).toEqual([3, 3]);
    expect(new Set(hook.requests.map(({ delivery_id }) => delivery_id)).size).toBe(1);
    const [refused] = world.eventsOf(1);
    expect(Date.parse(refused!.next_try_at!) - Date.parse(refused!.at)).toBeGreaterThanOrEqual(5_000);
    for (const { at } of events) expect(at >= refused!.next_try_at!).toBe(true);
  });

  it("gives up at the end of a notification's lifetime, and says so", async () => {
    await using hook = await startReceiver(() => 500);
    await using world = await startWorld();
    await using notifier = await world.notifier({ SAFEBASE_NOTIFICATION_LIFETIME_S: "3" });
    await world.putChannel(1, { type: "webhook", url: hook.url });
    const notice = await world.notify(1, 1);
    const dead = await world.outcome(1, "dead");
    expect(Date.parse(dead.at) - Date.parse(notice.at)).toBeGreaterThanOrEqual(3_000);
    expect(dead).toMatchObject({ attempt: hook.requests.length, error: expect.stringContaining("HTTP 500"), next_try_at: null });
    expect(hook.requests.length).toBeGreaterThan(1);
    await until("an empty queue", async () => await world.queued() === 0);
    await world.notify(1, 2, { at: new Date(Date.now() - 3600_000).toISOString() }); // too late, and yet not untried
    expect(await world.outcome(2, "dead")).toMatchObject({ attempt: 1 });
    expect(await notifier.metric("safebase_notifications_total", { channel_type: "webhook", outcome: "dead" })).toBe(2);
  });

  it("uses a channel as it is when it tries again", async () => {
    await using wrong = await startReceiver(() => 500);
    await using right = await startReceiver();
    await using world = await startWorld();
    await using _notifier = await world.notifier();
    await world.putChannel(1, { type: "webhook", url: wrong.url });
    await world.notify(1, 1);
    await world.outcome(1, "retrying");
    await world.putChannel(1, { type: "webhook", url: right.url });
    expect(await world.outcome(1, "delivered")).toMatchObject({ attempt: world.eventsOf(1).length });
    expect(right.requests).toHaveLength(1);
  });

  it("gives up what waits for a channel that is deleted, and serves it no more", async () => {
    await using hook = await startReceiver(() => 500);
    await using other = await startReceiver();
    await using world = await startWorld();
    await using _notifier = await world.notifier();
    await world.putChannel(1, { type: "webhook", url: hook.url });
    await world.putChannel(2, { type: "webhook", url: other.url });
    await world.notify(1, 1);
    await world.outcome(1, "retrying");
    await world.removeChannel(1);
    expect(await world.outcome(1, "dead")).toMatchObject({ error: expect.stringContaining("deleted") });
    await until("an empty queue", async () => await world.queued() === 0);
    const tries = hook.requests.length;
    await world.notify(1, 2);
    await world.notify(2, 3);
    await world.outcome(3, "delivered");
    expect(hook.requests).toHaveLength(tries);
    await world.putChannel(1, { type: "webhook", url: other.url });
    await world.notify(1, 4);
    await world.outcome(4, "delivered");
  });

  it("waits with a clear word when a channel cannot be opened, and gives up what cannot be read", async () => {
    await using hook = await startReceiver();
    await using world = await startWorld();
    await using _notifier = await world.notifier({ SAFEBASE_MASTER_KEY: "cd".repeat(32) });
    await world.putChannel(1, { type: "webhook", url: hook.url });
    await world.notify(1, 1);
    const { error, next_try_at } = await world.outcome(1, "retrying");
    expect(error).toMatch(/sealed with another master key.*SAFEBASE_MASTER_KEY/);
    expect(next_try_at).not.toBeNull();
    await world.bus.publishOnce(subjects.notification(1, 2), { nonsense: true });
    expect(await world.outcome(2, "dead")).toMatchObject({ channel_id: 1, error: expect.stringContaining("could not be read") });
    expect(hook.requests).toEqual([]);
  });
});
