import { expect, it } from "vitest";
import { en } from "../../i18n/en.ts";
import { fr } from "../../i18n/fr.ts";
import type { Schedule } from "../../api/types.ts";
import { amountOf, durationWords, secondsOf, unitOf } from "./duration.ts";
import { lateness_ms } from "./lateness.ts";
import { bodyOf, optionsOf, usualOptions } from "./options.ts";

const ran = (planned_at: string | null, created_at: string, jitter_s = 0) => lateness_ms({ jitter_s, last_runs: [{ planned_at, created_at } as Schedule["last_runs"][number]] });

it("a run is late beyond a minute, and beyond what it may be spread", () => {
  expect(lateness_ms({ jitter_s: 0, last_runs: [] })).toBeUndefined();
  expect([ran(null, "2026-01-01T03:10:00Z"), ran("2026-01-01T03:00:00Z", "2026-01-01T03:00:59Z"), ran("2026-01-01T03:00:00Z", "2026-01-01T03:10:00Z", 900)]).toEqual([undefined, undefined, undefined]);
  expect([ran("2026-01-01T03:00:00Z", "2026-01-01T03:10:00Z"), ran("2026-01-01T03:00:00Z", "2026-01-01T03:20:00Z", 900)]).toEqual([600_000, 300_000]);
});

it.each([[60, "1 minute", "1 minute"], [5_400, "90 minutes", "90 minutes"], [7_200, "2 hours", "2 heures"], [129_600, "36 hours", "36 heures"], [172_800, "2 days", "2 jours"], [604_800, "1 week", "1 semaine"], [100, "2 minutes", "2 minutes"]])("%d s is %s", (seconds, english, french) => {
  expect([durationWords(seconds, en.durations), durationWords(seconds, fr.durations)]).toEqual([english, french]);
  if (seconds % 60 === 0) expect(secondsOf(amountOf(seconds, unitOf(seconds)), unitOf(seconds))).toBe(seconds);
});

it("what a schedule says comes back as it was, and what is left out is as usual", () => {
  const usual = usualOptions();
  const { cron, timezone, ...said } = bodyOf({ ...usual, storages: ["s3"], retention: null, jobs: 4, verify_every: 7, jitter_s: 300 });
  expect(bodyOf(optionsOf({ cron, timezone, ...said }))).toEqual({ cron, timezone, ...said });
  expect(optionsOf({ cron: "@daily", timezone: "UTC", jitter_s: 0 })).toEqual({ ...usual, when: { cron: "@daily", time_zone: "UTC" } });
});
