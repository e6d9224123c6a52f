import { until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { remember } from "./remember.ts";

const options = { max_age_ms: 60_000, patience_ms: 10_000, failed: () => { /* looked at where it matters */ } };

describe("what is remembered", () => {
  it("is read once for all who ask at the same time, and soon after", async () => {
    let reads = 0;
    const ask = remember(async () => ++reads, options);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    expect(await ask()).toBe(1);
  });

  it("is read again when it is too old", async () => {
    let reads = 0;
    const ask = remember(async () => ++reads, { ...options, max_age_ms: 0 });
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  it("is a gap when it cannot be read, told once, and read again the next time", async () => {
    const failures: unknown[] = [];
    let reads = 0;
    const ask = remember(async () => { if (reads++ === 0) throw new Error("away"); return reads; }, { ...options, failed: (error) => failures.push(error) });
    expect(await Promise.all([ask(), ask()])).toEqual([undefined, undefined]);
    expect(failures).toEqual([new Error("away")]);
    expect(await ask()).toBe(2);
  });

  it("is a gap when it takes too long, and there when it came after all; nobody asks a second time meanwhile", async () => {
    const answer = Promise.withResolvers<string>();
    let reads = 0;
    const ask = remember(() => { reads++; return answer.promise; }, { ...options, patience_ms: 5 });
    expect(await ask()).toBeUndefined();
    expect(await ask()).toBeUndefined();
    expect(reads).toBe(1);
    answer.resolve("late");
    expect(await until("the answer", ask)).toBe("late");
    expect(reads).toBe(1);
  });
});
