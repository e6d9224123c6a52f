import { describe, expect, it } from "vitest";
import { judge, pauseAfter } from "./retry.ts";

const HOUR_MS = 3600_000;
const passing = { permanent: false, retry_after_ms: undefined };

describe("the pause after a refusal", () => {
  it("grows from about two seconds to half an hour", () => {
    const pauses = Array.from({ length: 40 }, (_, at) => pauseAfter(passing, at + 1));
    expect(pauses[0]).toBeGreaterThanOrEqual(1_000);
    expect(pauses[0]).toBeLessThanOrEqual(2_000);
    expect(pauses[3]).toBeGreaterThanOrEqual(8_000);
    for (const each of pauses.slice(12)) expect(each).toBeGreaterThanOrEqual(HOUR_MS / 4);
    for (const each of pauses) expect(each).toBeLessThanOrEqual(HOUR_MS / 2);
  });

  it("differs, so that many do not come back at once", () => {
    expect(new Set(Array.from({ length: 50 }, () => pauseAfter(passing, 10))).size).toBeGreaterThan(10);
  });

  it("is longer where somebody has to change something first, but there is one", () => {
    expect(pauseAfter({ permanent: true, retry_after_ms: undefined }, 1)).toBeGreaterThanOrEqual(30_000);
    expect(pauseAfter({ permanent: true, retry_after_ms: undefined }, 30)).toBeLessThanOrEqual(HOUR_MS / 2);
  });

  it("is what the other side asks for, when that is longer", () => {
    expect(pauseAfter({ permanent: false, retry_after_ms: 2 * HOUR_MS }, 1)).toBe(2 * HOUR_MS);
    expect(pauseAfter({ permanent: false, retry_after_ms: 1 }, 1)).toBeGreaterThanOrEqual(1_000);
  });
});

describe("what becomes of a notification", () => {
  it("is over when it is delivered, however late", () => {
    expect(judge({ ok: true }, 0, -HOUR_MS)).toEqual({ outcome: "delivered", pause_ms: 0 });
  });

  it("is tried again until its lifetime ends, and once more then", () => {
    expect(judge({ ok: false, partial: false }, 1_000, HOUR_MS)).toEqual({ outcome: "retrying", pause_ms: 1_000 });
    expect(judge({ ok: false, partial: false }, HOUR_MS, 60_000)).toEqual({ outcome: "retrying", pause_ms: 60_000 });
    expect(judge({ ok: false, partial: false }, HOUR_MS, 0)).toEqual({ outcome: "dead", pause_ms: 0 });
  });

  it("is not tried again when some have been told", () => {
    expect(judge({ ok: false, partial: true }, 1_000, HOUR_MS)).toEqual({ outcome: "dead", pause_ms: 0 });
  });
});
