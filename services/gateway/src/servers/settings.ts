import { SafebaseError, type EngineType, type RetentionPolicy } from "@safebase/contracts";
import { checkFormat } from "../backups/format.ts";
import type { Server } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { retentionColumn } from "../databases/view.ts";
import { checkedPlan, checkJitter, longestJitter_s } from "../schedules/cron.ts";
import { columnsOf, type ScheduleOptions } from "../schedules/input.ts";
import { storagesColumn } from "../storages/named.ts";
import { parseGlob } from "./glob.ts";

/** What each new database's schedule is made of. */
export interface ServerSchedule extends Omit<ScheduleOptions, "name" | "enabled"> {
  readonly cron: string;
  readonly timezone: string;
  readonly jitter_s: number;
}

export type ServerScheduleInput = Omit<ServerSchedule, "timezone" | "jitter_s"> & { readonly timezone?: string | undefined; readonly jitter_s?: number | undefined };

/** Which databases are followed, and what new ones get. */
export interface ServerSettings {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly retention?: RetentionPolicy | null | undefined;
  readonly encryption_key_id?: number | null | undefined;
  /** Names; null: where the installation says. */
  readonly storages?: readonly string[] | null | undefined;
  readonly schedule?: ServerScheduleInput | null | undefined;
}

/** So that hundreds of databases do not begin in the same second. */
const USUAL_JITTER_S = 900;

/** What was said, as the catalog holds it: of a server of this owner. What would be refused when a database comes is refused at once. */
export async function settingsColumns(tx: Db, owner: number, input: ServerSettings, type: EngineType, now: Date): Promise<Partial<Pick<Server, keyof ServerSettings>>> {
  const { include, exclude, retention, encryption_key_id, storages, schedule } = input;
  return {
    ...(include === undefined ? {} : { include: patternsColumn("include", include) }),
    ...(exclude === undefined ? {} : { exclude: patternsColumn("exclude", exclude) }),
    ...(retention === undefined ? {} : { retention: retentionColumn(retention) }),
    ...(encryption_key_id === undefined ? {} : { encryption_key_id }),
    ...(storages === undefined ? {} : { storages: storages === null ? null : await storagesColumn(tx, owner, storages) }),
    ...(schedule === undefined ? {} : { schedule: schedule === null ? null : JSON.stringify(await checkedSchedule(tx, owner, schedule, type, now)) }),
  };
}

export function patternsColumn(field: "include" | "exclude", patterns: readonly string[]): string {
  try {
    patterns.forEach(parseGlob);
  } catch (error) {
    throw error instanceof SafebaseError ? new SafebaseError(error.code, `${field}: ${error.message}`, { hint: error.hint, cause: error }) : error;
  }
  return JSON.stringify([...new Set(patterns)]);
}

async function checkedSchedule(tx: Db, owner: number, { cron, timezone = "UTC", jitter_s, ...options }: ServerScheduleInput, type: EngineType, now: Date): Promise<ServerSchedule> {
  const plan = checkedPlan({ cron, timezone }, now);
  if (jitter_s !== undefined) checkJitter(jitter_s, plan, now);
  checkFormat(type, options.format);
  await columnsOf(tx, owner, options);
  return { ...options, ...plan, jitter_s: jitter_s ?? Math.min(USUAL_JITTER_S, longestJitter_s(plan, now)) };
}

/** As the catalog holds it: it was checked on its way in. */
export function scheduleOf(json: string | null): ServerSchedule | null {
  return json === null ? null : JSON.parse(json) as ServerSchedule;
}

/** A list of patterns or names. */
export function listOf(json: string): string[] {
  return JSON.parse(json) as string[];
}
