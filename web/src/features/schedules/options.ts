import type { RetentionPolicy } from "@safebase/contracts";
import type { Schedule } from "../../api/types.ts";
import type { CronValue } from "./cron-field.tsx";
import { browserZone } from "./days.ts";

/** When a database is backed up and how, as a form holds it. */
export interface Options {
  readonly when: CronValue;
  readonly retention: RetentionPolicy | null;
  readonly format: NonNullable<Schedule["format"]> | null;
  readonly compression: NonNullable<Schedule["compression"]> | null;
  readonly jobs: Schedule["jobs"];
  readonly globals: boolean;
  readonly storages: readonly string[] | null;
  readonly jitter_s: number;
  readonly verify_every: number | null;
  readonly verify_database_id: number | null;
}

/** The fields of it that the API may refuse. */
export const OPTION_FIELDS = ["cron", "timezone", "retention", "format", "compression", "jobs", "globals", "storages", "jitter_s", "verify_every", "verify_database_id"];

/** What a new schedule begins with: every night, kept as most do, proved once a week. */
export function usualOptions(): Options {
  return {
    when: { cron: "0 3 * * *", time_zone: browserZone() }, retention: { daily: 7, weekly: 4, monthly: 12 }, format: null, compression: null, jobs: "auto", globals: false,
    storages: null, jitter_s: 0, verify_every: null, verify_database_id: null,
  };
}

type Said = Pick<Schedule, "cron" | "timezone" | "jitter_s"> & { readonly [Key in Exclude<keyof Options, "when" | "jitter_s">]?: Options[Key] | undefined };

/** What a schedule says; what it leaves out is as usual. */
export function optionsOf({ cron, timezone, ...said }: Said): Options {
  const usual = usualOptions();
  return {
    when: { cron, time_zone: timezone }, jitter_s: said.jitter_s, retention: said.retention === undefined ? usual.retention : said.retention, format: said.format ?? null, compression: said.compression ?? null,
    jobs: said.jobs ?? "auto", globals: said.globals ?? false, storages: said.storages ?? null, verify_every: said.verify_every ?? null, verify_database_id: said.verify_database_id ?? null,
  };
}

/** The same as the API takes it. */
export function bodyOf({ when, storages, ...options }: Options) {
  return { ...options, cron: when.cron, timezone: when.time_zone, storages: storages === null ? null : [...storages] };
}
