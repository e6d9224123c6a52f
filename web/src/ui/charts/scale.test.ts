import { describe, expect, it } from "vitest";
import { nearest, place, ticksOf } from "./scale.ts";

describe("the marks of an axis", () => {
  it.each([[0, [0, 1]], [1, [0, 0.5, 1]], [95, [0, 50, 100]], [300, [0, 100, 200, 300]], [1.2e9, [0, 5e8, 1e9, 1.5e9]]])("up to %d", (highest, expected) => {
    expect(ticksOf(highest)).toEqual(expected);
  });
});

describe("points", () => {
  const points = [{ at: "2026-01-01T00:00:00Z", value: 0 }, { at: "2026-01-02T00:00:00Z", value: 50 }, { at: "2026-01-05T00:00:00Z", value: 100 }];
  it("stand by their time, the highest above", () => {
    expect(place(points, 100)).toEqual([{ x: 0, y: 1 }, { x: 0.25, y: 0.5 }, { x: 1, y: 0 }]);
  });
  it("one alone stands in the middle, none nowhere", () => {
    expect(place(points.slice(1, 2), 100)).toEqual([{ x: 0.5, y: 0.5 }]);
    expect(place([], 1)).toEqual([]);
  });
  it.each([[0, 0], [0.2, 1], [0.6, 1], [0.7, 2]])("the nearest to %d is number %d", (x, expected) => {
    expect(nearest(place(points, 100), x)).toBe(expected);
  });
});
