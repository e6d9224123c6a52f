import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gathering } from "./gathering.ts";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe("a gathering", () => {
  it("closes a time after its first, whatever comes meanwhile", () => {
    const { gathering, closed } = start(10);
    gathering.add(1, 1_000);
    vi.advanceTimersByTime(900);
    gathering.add(2, 1_000);
    expect([closed, gathering.isOpen]).toEqual([[], true]);
    vi.advanceTimersByTime(100);
    expect([closed, gathering.isOpen]).toEqual([[[1, 2]], false]);
    gathering.add(3, 1_000);
    vi.advanceTimersByTime(1_000);
    expect(closed).toEqual([[1, 2], [3]]);
  });

  it("closes at once when it is full, and begins anew", () => {
    const { gathering, closed } = start(2);
    for (const each of [1, 2, 3]) gathering.add(each, 1_000);
    expect(closed).toEqual([[1, 2]]);
    vi.advanceTimersByTime(1_000);
    expect(closed).toEqual([[1, 2], [3]]);
  });

  it("gives back what it has, and then closes nothing", () => {
    const { gathering, closed } = start(10);
    gathering.add(1, 1_000);
    expect(gathering.take()).toEqual([1]);
    vi.advanceTimersByTime(2_000);
    expect(closed).toEqual([]);
  });

  it("waits for weeks when it is told to", () => {
    const { gathering, closed } = start(10);
    gathering.add(1, 1e12);
    vi.advanceTimersByTime(1_000);
    expect(closed).toEqual([]);
  });
});

function start(limit: number): { gathering: Gathering<number>; closed: number[][] } {
  const closed: number[][] = [];
  return { gathering: new Gathering<number>(limit, (members) => closed.push(members)), closed };
}
