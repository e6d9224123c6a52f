import type { RetentionPolicy } from "@safebase/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planRetention, type Dated, type PlanInput } from "./plan.ts";
import { DAY_MS, expectedIds, histories, policies } from "./plan-fixture.ts";

const NOW = new Date("2026-11-20T12:00:00.000Z");
const NONE = new Map<number, string[]>();

/** One backup a day at 03:00, the newest today with id 1. */
const nightly = (days: number): Dated[] => Array.from({ length: days }, (_, ago) => ({ id: ago + 1, at: new Date(Date.parse("2026-11-20T03:00:00.000Z") - ago * DAY_MS).toISOString() }));

const plan = (policy: RetentionPolicy, backups: readonly Dated[], more: Partial<PlanInput<Dated>> = {}) => {
  const { keep, remove } = planRetention({ policy, timezone: "UTC", now: NOW, backups, protections: NONE, ...more });
  return {
    kept: keep.map(({ backup }) => backup.id), removed: remove.map(({ backup }) => backup.id),
    why: new Map<number, string | readonly string[]>([...keep.map(({ backup, reasons }) => [backup.id, reasons] as const), ...remove.map(({ backup, reason }) => [backup.id, reason] as const)]),
  };
};

describe("a retention plan", () => {
  it("says all the reasons for which a backup stays, and why another goes", () => {
    const { kept, removed, why } = plan({ keep_last: 3, keep_days: 2, daily: 4, weekly: 2, monthly: 2, yearly: 1 }, nightly(60), { protections: new Map([[50, ["pinned", "needed by restore 12"]]]) });
    expect(kept).toEqual([1, 2, 3, 4, 6, 21, 50]);
    expect(removed).toHaveLength(53);
    expect(why.get(1)).toEqual([
      "one of the last 3", "younger than 2 days", "newest of 2026-11-20 (1 of 4 daily)", "newest of 2026-W47 (1 of 2 weekly)",
      "newest of 2026-11 (1 of 2 monthly)", "newest of 2026 (1 of 1 yearly)",
    ]);
    expect(why.get(3)).toEqual(["one of the last 3", "newest of 2026-11-18 (3 of 4 daily)"]);
    expect(why.get(6)).toEqual(["newest of 2026-W46 (2 of 2 weekly)"]);
    expect(why.get(21)).toEqual(["newest of 2026-10 (2 of 2 monthly)"]);
    expect(why.get(50)).toEqual(["pinned", "needed by restore 12"]);
    expect(why.get(60)).toBe("not one of the last 3, not younger than 2 days, 2026-09-22 is before the last 4 days with a backup, "
      + "2026-W39 is before the last 2 weeks with a backup, 2026-09 is before the last 2 months with a backup, not the newest of 2026");
  });

  it("keeps the classic tiers of a long history: 7 days, 4 weeks, 12 months", () => {
    const { kept } = plan({ daily: 7, weekly: 4, monthly: 12 }, nightly(1000));
    // Seven days, the Sundays before them, and the last days of months.
    expect(kept.map((id) => nightly(1000)[id - 1]!.at.slice(0, 10))).toEqual([
      "2026-11-20", "2026-11-19", "2026-11-18", "2026-11-17", "2026-11-16", "2026-11-15", "2026-11-14", "2026-11-08", "2026-11-01",
      "2026-10-31", "2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31", "2026-04-30", "2026-03-31", "2026-02-28", "2026-01-31", "2025-12-31",
    ]);
  });

  it("counts periods that have a backup: a pause does not empty the history", () => {
    const old = [400, 401, 800, 801].map((ago, id) => ({ id, at: new Date(NOW.getTime() - ago * DAY_MS).toISOString() }));
    expect(plan({ daily: 2 }, old).kept).toEqual([0, 1]);
    expect(plan({ yearly: 5 }, old).kept).toEqual([0, 2]);
  });

  it("goes by the days of its time zone", () => {
    const backups = [{ id: 1, at: "2026-11-18T22:30:00.000Z" }, { id: 2, at: "2026-11-18T23:30:00.000Z" }, { id: 3, at: "2026-11-19T22:30:00.000Z" }];
    expect(plan({ daily: 5 }, backups).kept).toEqual([3, 2]);
    expect(plan({ daily: 5 }, backups, { timezone: "Europe/Paris" }).kept).toEqual([3, 1]);
    expect(plan({ daily: 5 }, backups, { timezone: "Europe/Paris" }).why.get(2)).toBe("not the newest of 2026-11-19");
  });

  it("lets a damaged backup take no good one's place, and keeps it where a good one would be kept", () => {
    const damaged = nightly(6).map((backup) => ({ ...backup, damaged: backup.id <= 2 }));
    expect(plan({ keep_last: 2 }, damaged)).toMatchObject({ kept: [1, 2, 3, 4], removed: [5, 6] });
    expect(plan({ daily: 1 }, [{ id: 1, at: "2026-11-19T01:00:00.000Z" }, { id: 2, at: "2026-11-19T02:00:00.000Z", damaged: true }]).kept).toEqual([2, 1]);
    expect(plan({ keep_last: 1 }, nightly(3).map((backup) => ({ ...backup, damaged: backup.id === 3 }))).kept).toEqual([1]);
  });

  it("keeps what is from the future, which takes no other's place", () => {
    const ahead = Array.from({ length: 9 }, (_, n) => ({ id: 100 + n, at: `2036-01-0${n + 1}T00:00:00.000Z` }));
    const { kept, why } = plan({ keep_last: 2, keep_days: 1, daily: 2 }, [...nightly(5), ...ahead]);
    expect(kept).toEqual([...ahead.map(({ id }) => id).toReversed(), 1, 2]);
    expect(why.get(100)).toEqual(["its time is yet to come"]);
  });

  it("holds a backup for so many days, to the moment", () => {
    const at = (ms: number): Dated => ({ id: ms, at: new Date(NOW.getTime() - 2 * DAY_MS + ms).toISOString() });
    expect(plan({ keep_days: 2 }, [at(0), at(1)]).kept).toEqual([1]);
  });

  it("speaks of one as of one", () => {
    const { why } = plan({ keep_last: 1, keep_days: 1, daily: 1 }, nightly(2));
    expect(why.get(1)).toEqual(["the last one", "younger than 1 day", "newest of 2026-11-20 (1 of 1 daily)"]);
    expect(why.get(2)).toBe("not the last one, not younger than 1 day, 2026-11-19 is before the last day with a backup");
  });
});

describe("any plan", () => {
  const given = histories();

  it("judges each backup once, with a reason, whatever their order", () => {
    fc.assert(fc.property(given, policies(), fc.infiniteStream(fc.nat()), ({ backups, ...rest }, policy, order) => {
      const { kept, removed, why } = plan(policy, backups, rest);
      expect([...kept, ...removed].sort((a, b) => a - b)).toEqual(backups.map(({ id }) => id).sort((a, b) => a - b));
      for (const { id } of backups) expect(why.get(id)?.length).toBeGreaterThan(0);
      const shuffled = backups.map((backup) => [order.next().value, backup] as const).sort(([a], [b]) => a - b).map(([, backup]) => backup);
      expect(plan(policy, shuffled, rest)).toEqual({ kept, removed, why });
    }));
  });

  it("keeps everything without a rule", () => {
    fc.assert(fc.property(given, ({ backups, ...rest }) => {
      expect(plan({}, backups, rest).removed).toEqual([]);
    }));
  });

  it("keeps what each rule promises, in every time zone, and nothing else", () => {
    fc.assert(fc.property(given, policies({ some: true }), ({ backups, ...rest }, policy) => {
      expect(new Set(plan(policy, backups, rest).kept)).toEqual(expectedIds(policy, backups, rest));
    }), { numRuns: 1_000 });
  });

  it("never removes what is protected", () => {
    fc.assert(fc.property(given, policies(), fc.array(fc.nat(40)), ({ backups, ...rest }, policy, ids) => {
      const { removed } = plan(policy, backups, { ...rest, protections: new Map(ids.map((id) => [id, ["pinned"]])) });
      expect(removed.filter((id) => ids.includes(id))).toEqual([]);
    }));
  });

  it("removes nothing more when it is made again of what is left", () => {
    fc.assert(fc.property(given, policies(), ({ backups, ...rest }, policy) => {
      const { kept } = plan(policy, backups, rest);
      expect(plan(policy, backups.filter(({ id }) => kept.includes(id)), rest).removed).toEqual([]);
    }), { numRuns: 500 });
  });

  it("removes no more with one rule more, or a rule that keeps more", () => {
    fc.assert(fc.property(given, policies({ some: true }), policies(), ({ backups, ...rest }, policy, more) => {
      const wider: RetentionPolicy = { ...policy };
      for (const [rule, count] of Object.entries(more) as [keyof RetentionPolicy, number][]) wider[rule] = Math.max(count, policy[rule] ?? 0);
      const { removed } = plan(policy, backups, rest);
      expect(removed).toEqual(expect.arrayContaining(plan(wider, backups, rest).removed));
    }), { numRuns: 500 });
  });

  it("does not bring back for a newer backup what was to go, nor let go more than one for each rule", () => {
    fc.assert(fc.property(given, policies(), ({ backups, now, ...rest }, policy) => {
      const at = new Date(Math.max(now.getTime(), ...backups.map((backup) => Date.parse(backup.at))) + 1);
      const before = plan(policy, backups, { ...rest, now: at });
      const after = plan(policy, [...backups, { id: 999, at: at.toISOString() }], { ...rest, now: at });
      expect(after.kept).toContain(999);
      expect(after.removed).toEqual(expect.arrayContaining(before.removed));
      expect(after.removed.length - before.removed.length).toBeLessThanOrEqual(Object.keys(policy).length);
    }), { numRuns: 500 });
  });

  it("does not touch another for an older backup", () => {
    fc.assert(fc.property(given, policies(), ({ backups, ...rest }, policy) => {
      const at = new Date(Math.min(rest.now.getTime(), ...backups.map((backup) => Date.parse(backup.at))) - 1).toISOString();
      const without999 = (ids: number[]): number[] => ids.filter((id) => id !== 999);
      expect(without999(plan(policy, [...backups, { id: 999, at }], rest).removed)).toEqual(plan(policy, backups, rest).removed);
    }));
  });
});
