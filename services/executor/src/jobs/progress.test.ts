import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Teller, type ProgressUpdate } from "./progress.ts";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

const DUMP: ProgressUpdate = { phase: "dump", bytes_in: 7, bytes_out: 3, total_bytes: 100, rate_bytes_per_s: 7, elapsed_ms: 1_000 };

function listen(): { told: (ProgressUpdate & { at_ms: number })[]; teller: Teller } {
  const start_ms = performance.now();
  const told: (ProgressUpdate & { at_ms: number })[] = [];
  return { told, teller: new Teller((progress) => told.push({ ...progress, at_ms: performance.now() - start_ms })) };
}

it("tells again every second while nothing moves, from the beginning on", () => {
  const { told, teller } = listen();
  vi.advanceTimersByTime(3_100);
  expect(told.map(({ phase }) => phase)).toEqual(["prepare", "prepare", "prepare", "prepare"]);
  teller.tell(DUMP);
  vi.advanceTimersByTime(2_000);
  expect(told.slice(4)).toMatchObject([DUMP, { ...DUMP, rate_bytes_per_s: 0, elapsed_ms: expect.toSatisfy((ms: number) => ms >= 1_700) }, { bytes_in: 7 }]);
  const gaps = told.slice(1).map(({ at_ms }, index) => at_ms - told[index]!.at_ms);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1_000);
});

it("adds nothing while the job itself tells, nor after its end", () => {
  const { told, teller } = listen();
  for (let count = 0; count < 6; count++) {
    teller.tell(DUMP);
    vi.advanceTimersByTime(500);
  }
  expect(told).toHaveLength(6);
  teller[Symbol.dispose]();
  vi.advanceTimersByTime(5_000);
  expect(told).toHaveLength(6);
});
