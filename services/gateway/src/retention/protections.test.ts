import fc from "fast-check";
import { expect, it } from "vitest";
import type { HistoryRow } from "../catalog/retention.ts";
import { planRetention } from "./plan.ts";
import { policies } from "./plan-fixture.ts";
import { protectionsOf } from "./protections.ts";

const ROW: HistoryRow = {
  id: 0, schedule_id: null, trigger: "manual", type: "mysql", filename: null, size_bytes: 1, pinned: 0, verified_at: null, integrity: "unchecked", created_at: "", started_at: null, finished_at: null,
};
const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString();
const row = (id: number, n: number, more: Partial<HistoryRow> = {}): HistoryRow => ({ ...ROW, id, created_at: day(n), started_at: day(n), finished_at: day(n), ...more });

it("the last completed, the last verified, pinned and needed ones are protected, with all the reasons", () => {
  const history = [row(1, 1, { verified_at: day(2) }), row(2, 2, { verified_at: day(3) }), row(3, 3), row(4, 4, { pinned: 1 }), row(5, 5), row(6, 6)];
  const needs = [{ backup_id: 3, by: "restore 12" }, { backup_id: 6, by: "job 7" }];
  expect(protectionsOf(history, needs)).toEqual(new Map([
    [2, ["last verified backup"]], [3, ["needed by restore 12"]], [4, ["pinned"]], [6, ["last completed backup", "needed by job 7"]],
  ]));
  expect(protectionsOf([], [])).toEqual(new Map());
});

it("one that was found damaged exposes no good one before it, and is the last itself only where none is good", () => {
  const history = [row(1, 1, { verified_at: day(2) }), row(2, 2, { integrity: "good" }), row(3, 3, { integrity: "damaged", verified_at: day(4) }), row(4, 4, { integrity: "missing" })];
  expect(protectionsOf(history, [])).toEqual(new Map([[1, ["last verified backup"]], [2, ["last completed backup"]]]));
  expect(protectionsOf(history.slice(2), [])).toEqual(new Map([[3, ["last verified backup"]], [4, ["last completed backup"]]]));
});

it("where a clock was set back, the last by time and the last by id both stay", () => {
  const history = [row(1, 90, { verified_at: day(91) }), row(2, 10, { verified_at: day(11) }), row(3, 5)];
  expect(protectionsOf(history, [])).toEqual(new Map([[1, ["last completed backup", "last verified backup"]], [3, ["last completed backup"]], [2, ["last verified backup"]]]));
});

it("an older backup that was verified later does not expose the newest that is proven", () => {
  const history = [row(1, 1, { verified_at: day(20) }), row(2, 2, { verified_at: day(3) }), row(3, 3)];
  expect(new Set(protectionsOf(history, []).keys())).toEqual(new Set([1, 2, 3]));
});

it("no policy at any time removes the last completed, the last verified or a pinned backup", () => {
  const times = fc.integer({ min: 1, max: 900 });
  const rows = fc.array(fc.record({ created: times, took: fc.integer({ min: 0, max: 3 }), verified: fc.option(times), pinned: fc.constantFrom(0, 0, 0, 1) }), { minLength: 1, maxLength: 25 })
    .map((all) => all.map(({ created, took, verified, pinned }, id) => row(id, created, { finished_at: day(created + took), verified_at: verified === null ? null : day(verified), pinned })));
  fc.assert(fc.property(rows, policies(), times, (history, policy, now) => {
    const backups = history.map((one) => ({ ...one, at: one.created_at }));
    const { keep } = planRetention({ policy, timezone: "UTC", now: new Date(day(now)), backups, protections: protectionsOf(history, []) });
    const kept = keep.map(({ backup }) => backup);
    const last = (all: readonly HistoryRow[], by: "finished_at" | "created_at" | "verified_at"): string | null | undefined => all.map((one) => one[by]).filter((at) => at !== null).sort().at(-1);
    const verified = ({ verified_at }: HistoryRow): boolean => verified_at !== null;
    for (const by of ["finished_at", "created_at"] as const) expect(last(kept, by)).toBe(last(history, by));
    for (const by of ["finished_at", "verified_at"] as const) expect(last(kept.filter(verified), by)).toBe(last(history.filter(verified), by));
    expect(kept.filter(({ pinned }) => pinned === 1)).toHaveLength(history.filter(({ pinned }) => pinned === 1).length);
    expect(kept.map(({ id }) => id)).toContain(history.length - 1);
  }), { numRuns: 500 });
});

it("no policy at any time removes the newest good backup, whatever was found damaged after it", () => {
  const rows = fc.array(fc.record({ created: fc.integer({ min: 1, max: 900 }), integrity: fc.constantFrom("unchecked" as const, "good" as const, "damaged" as const, "missing" as const) }), { minLength: 1, maxLength: 25 })
    .map((all) => all.toSorted((a, b) => a.created - b.created).map(({ created, integrity }, id) => row(id, created, { integrity })));
  fc.assert(fc.property(rows, policies(), (history, policy) => {
    const isGood = ({ integrity }: HistoryRow): boolean => integrity === "unchecked" || integrity === "good";
    const backups = history.map((one) => ({ ...one, at: one.created_at, damaged: !isGood(one) }));
    const { keep } = planRetention({ policy, timezone: "UTC", now: new Date(day(1_000)), backups, protections: protectionsOf(history, []) });
    const newest = history.findLast(isGood) ?? history.at(-1);
    expect(keep.map(({ backup }) => backup.id)).toContain(newest?.id);
  }), { numRuns: 500 });
});
