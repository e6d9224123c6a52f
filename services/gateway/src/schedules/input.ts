import type { Compression, Format, RetentionPolicy } from "@safebase/contracts";
import type { Schedule } from "../catalog/schema.ts";
import { retentionColumn } from "../databases/view.ts";
import { storagesColumn } from "../storages/named.ts";

/** What may be said of a schedule besides its times. */
export interface ScheduleOptions {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly format?: Format | null | undefined;
  readonly compression?: Compression | null | undefined;
  readonly storages?: readonly string[] | undefined;
  /** Null: its backups follow their database's policy. */
  readonly retention?: RetentionPolicy | null | undefined;
  readonly jitter_s?: number | undefined;
  readonly verify_every?: number | null | undefined;
  readonly verify_database_id?: number | null | undefined;
}

type Columns = Partial<Pick<Schedule, "name" | "enabled" | "format" | "compression" | "storages" | "retention" | "jitter_s" | "verify_every" | "verify_database_id">>;

/** What was said, as the catalog holds it. */
export function columnsOf({ enabled, storages, retention, ...plain }: ScheduleOptions): Columns {
  const columns = {
    ...plain, enabled: enabled === undefined ? undefined : Number(enabled), storages: storages === undefined ? undefined : storagesColumn(storages),
    retention: retention === undefined ? undefined : retentionColumn(retention),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
