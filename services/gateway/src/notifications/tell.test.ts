import { noticeOf, NOTICE_KINDS, type Notice, type NoticeKind } from "@safebase/contracts";
import { describe, expect, it } from "vitest";
import { defaultEvents } from "../channels/rules.ts";
import { wants } from "./tell.ts";

const ANN = 1, BOB = 2;
const shop = { id: 7, name: "shop", type: "postgresql" };
const of = (kind: NoticeKind, known: Partial<Notice> = { user_id: ANN, database: shop }): Notice => noticeOf(kind, "n", "2026-01-01T00:00:00.000Z", known);
const channel = (over: { user_id?: number | null; all_users?: number; events?: readonly NoticeKind[]; databases?: number[] | null } = {}) => ({
  user_id: over.user_id === undefined ? ANN : over.user_id, all_users: over.all_users ?? 0, events: JSON.stringify(over.events ?? NOTICE_KINDS),
  database_ids: over.databases === undefined || over.databases === null ? null : JSON.stringify(over.databases),
});
const installation = { user_id: null, database: null };

describe("a channel's rule", () => {
  it.each([
    ["one's own", channel(), of("backup_failed"), true],
    ["somebody else's", channel({ user_id: BOB }), of("backup_failed"), false],
    ["somebody else's, for all users", channel({ user_id: BOB, all_users: 1 }), of("backup_failed"), true],
    ["the installation's, for one user", channel(), of("executor_lost", installation), false],
    ["the installation's, for all users", channel({ all_users: 1 }), of("executor_lost", installation), true],
    ["everything, for the configuration's", channel({ user_id: null, all_users: 1 }), of("backup_failed"), true],
    ["an event that is not asked for", channel({ events: ["backup_failed"] }), of("backup_completed"), false],
    ["an event that is", channel({ events: ["backup_failed"] }), of("backup_failed"), true],
    ["a recovery, to who asks for successes", channel({ events: ["backup_completed"] }), of("backup_recovered"), true],
    ["a recovery, to who asks for it", channel({ events: ["backup_recovered"] }), of("backup_recovered"), true],
    ["a success, to who asks for recoveries", channel({ events: ["backup_recovered"] }), of("backup_completed"), false],
    ["a database on the list", channel({ databases: [3, 7] }), of("backup_failed"), true],
    ["a database that is not", channel({ databases: [3] }), of("backup_failed"), false],
    ["what is about no database, with a list", channel({ databases: [3], all_users: 1 }), of("executor_lost", installation), true],
    ["one's own login", channel(), of("login_new_place", { user_id: ANN }), true],
    ["somebody else's login", channel({ user_id: BOB }), of("login_new_place", { user_id: ANN }), false],
    ["somebody else's login, for all users", channel({ user_id: BOB, all_users: 1 }), of("login_new_place", { user_id: ANN }), false],
    ["a login, for the configuration's", channel({ user_id: null, all_users: 1 }), of("login_new_place", { user_id: ANN }), true],
  ])("%s", (_what, rule, notice, wanted) => {
    expect(wants(rule, notice)).toBe(wanted);
  });

  it("leaves out kinds that it does not know", () => {
    expect(wants({ ...channel(), events: '["moon_full","backup_failed"]' }, of("backup_failed"))).toBe(true);
  });
});

describe("what a channel is told by default", () => {
  it("is trouble and its end, for people", () => {
    const events = defaultEvents("slack");
    expect(events).toEqual(expect.arrayContaining(["backup_failed", "backup_recovered", "backup_skipped", "objective_missed", "objective_at_risk", "objective_met", "executor_back", "storage_nearly_full", "login_new_place"]));
    for (const quiet of ["backup_completed", "backup_expired", "restore_completed", "verification_completed", "storage_has_space"]) expect(events).not.toContain(quiet);
    expect(defaultEvents("email")).toEqual(events);
  });

  it("is everything for programs, and the ends of backups for a dead man's switch", () => {
    expect(defaultEvents("webhook")).toEqual(NOTICE_KINDS);
    expect(defaultEvents("healthchecks")).toEqual(["backup_completed", "backup_recovered", "backup_failed"]);
  });
});
