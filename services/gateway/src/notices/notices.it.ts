import { randomUUID } from "node:crypto";
import { noticeOf, type NoticeKind } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { insertNotice } from "../catalog/notices.ts";
import { EventHub } from "../http/event-hub.ts";
import { cancelJob } from "../jobs/cancel.ts";
import type { Deps } from "../jobs/deps.ts";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { addChannel, tellSomething } from "../notifications/tell-fixture.ts";
import { listNotices } from "./list.ts";
import { seeNotices } from "./see.ts";
import { unreadNotices } from "./unread.ts";
import { forgetOldNotices } from "./prune.ts";

describe.each(["sqlite", "postgresql"] as const)("notices on %s", (dialect) => {
  let rig: Rig;
  let gateway: Deps & AsyncDisposable;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
  });
  afterEach(() => rig[Symbol.asyncDispose]());
  const kinds = async (): Promise<NoticeKind[]> => (await rig.db.selectFrom("notices").select("kind").orderBy("created_at").execute()).map(({ kind }) => kind);

  test("the first success after a failure is a recovery, whatever was canceled between; the next is a success", async () => {
    const executor = rig.executor();
    const { id: database_id } = await rig.database("postgresql");
    const recovered = await addChannel(gateway, rig.ann, { events: ["backup_recovered"] });
    const end = async (how: "fail" | "complete" | "cancel"): Promise<void> => {
      const { id, job_id } = await createBackup(gateway, rig.ann, { database_id });
      const run = await executor.take();
      if (how === "cancel") {
        await run.start();
        await rig.backupIs(id, "running");
        await cancelJob(gateway, rig.ann, { id: job_id });
        await run.end({ type: "canceled" });
      } else if (how === "fail") await run.fail("unreachable", "no answer");
      else await run.complete();
      await rig.backupIs(id, how === "cancel" ? "canceled" : how === "fail" ? "failed" : "completed");
    };
    for (const how of ["complete", "fail", "fail", "cancel", "complete", "complete"] as const) await end(how);
    expect(await kinds()).toEqual(["backup_completed", "backup_failed", "backup_failed", "backup_recovered", "backup_completed"]);
    const told = await rig.db.selectFrom("notifications").innerJoin("notices", "notices.id", "notice_id").select("kind").where("channel_id", "=", recovered.id).execute();
    expect(told).toEqual([{ kind: "backup_recovered" }]);
  });

  test("are shown to browsers once, by one of the gateways: one's own to oneself, the installation's to admins alone", async () => {
    const other = rig.gateway();
    using hub = new EventHub(rig.core.bus);
    const listen = (scope: Parameters<EventHub["open"]>[0]["scope"]) => collect(hub, scope);
    const [ann, bob, admin] = [listen({ user_id: rig.ann.user_id }), listen({ user_id: rig.bob.user_id }), listen("all")];
    await rig.core.bus.nc.flush();
    await tellSomething(rig, gateway, "backup_failed", { user_id: rig.ann.user_id, database: { id: 1, name: "shop", type: "mysql" }, backup_id: 7 });
    await tellSomething(rig, other, "executor_lost", { service: { name: "executor", id: null, group: "default", last_seen_at: null } });
    other.dispatcher.kick();
    await tellSomething(rig, other, "backup_completed", { user_id: rig.bob.user_id });
    await until("all to be shown", async () => admin().length === 3 && bob().length === 1);
    expect(ann()).toEqual(["Backup 7 of shop failed"]);
    expect(bob()).toEqual(["Backup completed"]);
    expect(admin().toSorted()).toEqual(["Backup 7 of shop failed", "Backup completed", "No executor of the group default is running"]);
  });

  test("are listed: one's own, and for an admin who asks for all everybody's and the installation's", async () => {
    const database = { id: 3, name: "shop", type: "mysql" };
    const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    const old = noticeOf("backup_failed", randomUUID(), daysAgo(80), { user_id: rig.ann.user_id, database, error: { code: "unreachable", message: "no answer" } });
    await insertNotice(rig.db, old);
    await tellSomething(rig, gateway, "objective_missed", { user_id: rig.ann.user_id, database, objective: { kind: "backup", limit_s: 86_400, age_s: 180_000 } });
    await tellSomething(rig, gateway, "backup_completed", { user_id: rig.bob.user_id });
    await tellSomething(rig, gateway, "scheduler_lost", {});
    const seen = async (actor: Parameters<typeof listNotices>[1], filter = {}) => {
      const { notices, pagination } = await listNotices(gateway, actor, { page: 1, per_page: 50, ...filter });
      expect(pagination.total).toBe(notices.length);
      return notices.map(({ sentence }) => sentence);
    };
    const missed = "The newest backup of shop is 2 days old; the objective of 24 h is missed";
    expect(await seen(rig.ann)).toEqual([missed, "Backup of shop failed: no answer"]);
    expect(await seen(rig.bob)).toEqual(["Backup completed"]);
    const root = { ...rig.bob, role: "admin", scope: "all" } as const;
    expect(await seen(root)).toHaveLength(4);
    expect(await seen(root, { severity: "critical", since: daysAgo(79) })).toEqual(expect.arrayContaining([missed, "No scheduler is running: nothing is backed up on schedule"]));
    expect(await seen(root, { database_id: 3, kind: "backup_failed" })).toHaveLength(1);
    expect((await listNotices(gateway, root, { page: 2, per_page: 3 })).notices.map(({ id }) => id)).toEqual([old.id]);
  });

  test("are new until they are seen: one's own alone, and those that are more than information", async () => {
    const [ann, root] = [rig.ann, { ...rig.bob, role: "admin", scope: "all" } as const];
    const unread = async (actor: Parameters<typeof unreadNotices>[1]): Promise<number> => (await unreadNotices(gateway, actor)).unread;
    const first = await tellSomething(rig, gateway, "backup_failed", { user_id: ann.user_id });
    await tellSomething(rig, gateway, "backup_completed", { user_id: ann.user_id });
    await tellSomething(rig, gateway, "scheduler_lost", {});
    expect([await unread(ann), await unread(rig.bob), await unread(root)]).toEqual([1, 0, 2]);
    await seeNotices(gateway, ann, { until: first.at });
    expect([await unread(ann), await unread(root)]).toEqual([0, 2]);
    await insertNotice(rig.db, noticeOf("objective_missed", randomUUID(), new Date(Date.parse(first.at) + 60_000).toISOString(), { user_id: ann.user_id }));
    await seeNotices(gateway, ann, { until: "2020-01-01T00:00:00.000Z" });
    expect(await unread(ann)).toBe(1);
    await seeNotices(gateway, ann, { until: "2999-01-01T00:00:00.000Z" });
    expect(await unreadNotices(gateway, ann)).toMatchObject({ unread: 1, seen_at: expect.stringMatching(/^20[0-9]{2}-/) });
  });

  test("of long ago are forgotten with their notifications, but for what is still open", async () => {
    const channel = await addChannel(gateway, rig.ann);
    const age = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    const [over, open, fresh] = [await tellSomething(rig, gateway), await tellSomething(rig, gateway), await tellSomething(rig, gateway)];
    await until("the rest to be delivered", async () => (await rig.db.selectFrom("notifications").select("id").where("status", "=", "delivered").execute()).length === 3);
    const set = (id: string, finished_at: string | null) => rig.db.updateTable("notifications").set({ finished_at, status: finished_at === null ? "pending" : "dead" })
      .where("notice_id", "=", id).where("channel_id", "=", channel.id).execute();
    await set(over.id, age(91));
    await set(fresh.id, age(89));
    for (const { id } of [over, open]) await rig.db.updateTable("notices").set({ created_at: age(91) }).where("id", "=", id).execute();
    await rig.db.updateTable("notifications").set({ finished_at: age(91) }).where("channel_id", "!=", channel.id).execute();
    await insertNotice(rig.db, noticeOf("backup_completed", "untold", age(91), {}));
    await forgetOldNotices(rig.core, AbortSignal.timeout(10_000));
    expect((await rig.db.selectFrom("notices").select("id").execute()).map(({ id }) => id).toSorted()).toEqual([open.id, fresh.id].toSorted());
    expect((await rig.db.selectFrom("notifications").select("notice_id").where("channel_id", "=", channel.id).execute()).map((row) => row.notice_id).toSorted()).toEqual([open.id, fresh.id].toSorted());
  });
});

/** The sentences that a browser of this scope is shown, so far. */
function collect(hub: EventHub, scope: Parameters<EventHub["open"]>[0]["scope"]): () => string[] {
  const sentences: string[] = [];
  const stream = hub.open({ scope, expires_at: new Date(Date.now() + 60_000), holds: async () => true });
  void (async () => {
    for await (const chunk of stream) {
      const found = /^event: notice\ndata: (.*)$/m.exec(new TextDecoder().decode(chunk));
      if (found !== null) sentences.push((JSON.parse(found[1]!) as { sentence: string }).sentence);
    }
  })();
  return () => sentences;
}
