import { expect, it } from "vitest";
import { PARTS_MAX, planPart } from "./plan.ts";

const MIB = 1024 * 1024;
const PLANS = Array.from({ length: PARTS_MAX }, (_, at) => planPart(at + 1, undefined));

it("lets an object grow to 5 TiB in as many parts as S3 takes, none of them larger than 5 GiB", () => {
  const total = PLANS.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  expect(total).toBeGreaterThanOrEqual(5 * 1024 ** 4);
  expect(Math.max(...PLANS.map(({ size_bytes }) => size_bytes))).toBeLessThanOrEqual(5 * 1024 ** 3);
});

it("holds no more than 64 MiB in memory: those under way and the one being filled", () => {
  const held = PLANS.map(({ on_disk, parallel, size_bytes }) => (on_disk ? 0 : (parallel + 1) * size_bytes));
  expect(Math.max(...held)).toBe(60 * MIB);
});

it("shares that among uploads at the same time", () => {
  const parallel = [1, 2, 3, 4, 16].map((uploads) => planPart(1, undefined, uploads).parallel);
  expect(parallel).toEqual([4, 2, 1, 1, 1]);
});

it("makes equal parts when it is told to", () => {
  expect([1, 2, PARTS_MAX].map((number) => planPart(number, 64).size_bytes)).toEqual([64 * MIB, 64 * MIB, 64 * MIB]);
  expect(planPart(1, 64).on_disk).toBe(true);
  expect(planPart(1, 12).on_disk).toBe(false);
});
