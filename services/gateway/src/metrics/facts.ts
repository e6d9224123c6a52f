import {
  countDamaged, countDatabasesByGroup, countEnabledSchedules, countLostCopies, databaseFacts, notificationCounts, objectiveFacts, openJobGroups, storageFacts, storageNames,
  type DamagedCount, type DatabaseCount, type DatabaseFacts, type LostCount, type NotificationCount, type ObjectiveFacts, type OpenJobs,
} from "../catalog/metrics.ts";
import { scheduleTimes } from "../catalog/objectives.ts";
import type { StorageStatus } from "../catalog/schema.ts";
import type { Core } from "../jobs/deps.ts";
import { limitOf } from "../objectives/limit.ts";
import { lastStoredAt } from "../recovery/backup-catalog.ts";
import { schedulesPaused } from "../settings/get.ts";

/** More databases than these have no series of their own; all of them are in the totals. */
const DATABASES_LISTED = 10_000;
const DEAD_FOR_MS = 24 * 3_600_000;

export interface ObjectiveStanding extends ObjectiveFacts { readonly limit_s: number | undefined }

/** What the catalog says at one moment, for all gauges of one scrape. */
export interface Facts {
  readonly at: Date;
  readonly jobs: readonly OpenJobs[];
  readonly databases: readonly DatabaseFacts[];
  readonly database_counts: readonly DatabaseCount[];
  readonly damaged: readonly DamagedCount[];
  readonly lost_copies: readonly LostCount[];
  readonly storage_names: readonly string[];
  readonly objectives: readonly ObjectiveStanding[];
  readonly schedules: { readonly enabled: number; readonly paused: boolean };
  readonly notifications: readonly NotificationCount[];
  readonly storages: readonly StorageStatus[];
  /** When the catalog was last backed up to one storage at least. */
  readonly catalog_stored_at: string | undefined;
}

export async function readFacts({ db, now }: Pick<Core, "db" | "now">): Promise<Facts> {
  const at = now();
  return {
    at,
    jobs: await openJobGroups(db, at.toISOString()),
    databases: await databaseFacts(db, DATABASES_LISTED),
    database_counts: await countDatabasesByGroup(db),
    damaged: await countDamaged(db),
    lost_copies: await countLostCopies(db),
    storage_names: await storageNames(db),
    objectives: await readObjectives(db, at),
    schedules: { enabled: await countEnabledSchedules(db), paused: await schedulesPaused(db) },
    notifications: await notificationCounts(db, new Date(at.getTime() - DEAD_FOR_MS).toISOString()),
    storages: await storageFacts(db),
    catalog_stored_at: await lastStoredAt(db),
  };
}

async function readObjectives(db: Core["db"], at: Date): Promise<ObjectiveStanding[]> {
  const schedules = Map.groupBy(await scheduleTimes(db), ({ database_id }) => database_id);
  const facts = await objectiveFacts(db);
  return facts.map((objective) => ({ ...objective, limit_s: limitOf(objective, schedules.get(objective.database_id) ?? [], at)?.limit_s }));
}

/** Seconds from a time of the catalog until the facts were read; 0 for none. */
export function age_s({ at }: Pick<Facts, "at">, since: string | null | undefined): number {
  return since === null || since === undefined ? 0 : Math.max(0, (at.getTime() - Date.parse(since)) / 1000);
}
