import type { Compression, Format, RetentionPolicy } from "@safebase/contracts";
import { partsColumns, type PartsAsked } from "../backups/parts.ts";
import type { Schedule } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { retentionColumn } from "../databases/view.ts";
import { storagesColumn } from "../storages/named.ts";

/** What may be said of a schedule besides its times. */
export interface ScheduleOptions extends PartsAsked {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly format?: Format | null | undefined;
  readonly compression?: Compression | null | undefined;
  /** Names; null: what its database says. */
  readonly storages?: readonly string[] | null | undefined;
  /** Null: its backups follow their database's policy. */
  readonly retention?: RetentionPolicy | null | undefined;
  readonly jitter_s?: number | undefined;
  readonly verify_every?: number | null | undefined;
  readonly verify_database_id?: number | null | undefined;
}

type Columns = Partial<Pick<Schedule, "name" | "enabled" | "format" | "compression" | "jobs" | "globals" | "storages" | "retention" | "jitter_s" | "verify_every" | "verify_database_id">>;

/** What was said, as the catalog holds it: of a schedule of this owner. */
export async function columnsOf(tx: Db, owner: number, { enabled, storages, retention, jobs, globals, ...plain }: ScheduleOptions): Promise<Columns> {
  const columns = {
    ...plain, ...partsColumns({ jobs, globals }), enabled: enabled === undefined ? undefined : Number(enabled), storages: storages === undefined || storages === null ? storages : await storagesColumn(tx, owner, storages),
    retention: retention === undefined ? undefined : retentionColumn(retention),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
