import { expect, it } from "vitest";
import { estimateOf } from "./estimate.ts";

const load = (raw_size_bytes: number, duration_ms: number) => ({ raw_size_bytes, duration_ms });

it("is the middle one of earlier loads, longer for more bytes, unknown without any", () => {
  expect(estimateOf([], 100)).toBeNull();
  expect(estimateOf([load(100, 50)], 100)).toBe(50);
  expect(estimateOf([load(100, 50)], 400)).toBe(200);
  expect(estimateOf([load(100, 50)], 10)).toBe(50);
  expect(estimateOf([load(0, 50)], 10)).toBe(50);
  expect(estimateOf([load(100, 9000), load(100, 40), load(100, 50)], 100)).toBe(50);
});
