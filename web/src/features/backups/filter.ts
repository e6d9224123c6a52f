import type { Backup, EngineType, Status } from "../../api/types.ts";
import { beginOf, momentOf, PERIODS, type PeriodName } from "./period.ts";

type Trigger = Backup["trigger"];

export const STATUSES = Object.keys({ pending: 1, running: 1, completed: 1, failed: 1, canceled: 1 } satisfies Record<Status, 1>) as Status[];
export const TYPES = Object.keys({ postgresql: 1, mysql: 1, mariadb: 1 } satisfies Record<EngineType, 1>) as EngineType[];
export const TRIGGERS = Object.keys({ manual: 1, scheduled: 1, catch_up: 1, safety: 1 } satisfies Record<Trigger, 1>) as Trigger[];
export const FLAGS = ["true", "false"] as const;
type Flag = (typeof FLAGS)[number];

/** What the address says of the list. */
export type Params = Readonly<Record<string, string | undefined>>;
/** Parts of the address that choose backups. */
export const NAMES = ["search", "status", "type", "database_id", "trigger", "period", "since", "until", "verified", "pinned", "storage"] as const;
export type FilterName = (typeof NAMES)[number];
/** Those that stand behind a button until they are wanted. */
export const MORE = ["type", "trigger", "verified", "pinned", "storage"] as const satisfies readonly FilterName[];

export interface BackupFilter {
  search?: string; status?: Status; type?: EngineType; database_id?: string; trigger?: Trigger; since?: string; until?: string; verified?: Flag; pinned?: Flag; storage?: string;
}

/** What the address asks for, as the API is asked; anything that was never ours to ask is left out. */
export function filterOf(params: Params, now = new Date()): BackupFilter {
  const period = periodOf(params);
  const since = period === undefined ? momentOf(params["since"], "first") : beginOf(period, now);
  const until = period === undefined ? momentOf(params["until"], "last") : undefined;
  return known({
    search: params["search"]?.trim().slice(0, 200), status: one(STATUSES, params["status"]), type: one(TYPES, params["type"]),
    database_id: /^\d{1,9}$/.exec(params["database_id"] ?? "")?.[0], trigger: one(TRIGGERS, params["trigger"]),
    since: since?.toISOString(), until: until?.toISOString(), verified: one(FLAGS, params["verified"]), pinned: one(FLAGS, params["pinned"]), storage: params["storage"]?.slice(0, 100),
  });
}

export function periodOf(params: Params): PeriodName | undefined {
  return one(PERIODS, params["period"]);
}

function one<T extends string>(choices: readonly T[], value: string | undefined): T | undefined {
  return choices.find((each) => each === value);
}

function known(filter: { [Name in keyof BackupFilter]: BackupFilter[Name] | undefined }): BackupFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== "")) as BackupFilter;
}
