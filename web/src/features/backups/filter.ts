import type { EngineType, Status } from "../../api/types.ts";

export const STATUSES = Object.keys({ pending: 1, running: 1, completed: 1, failed: 1, canceled: 1 } satisfies Record<Status, 1>) as Status[];
export const TYPES = Object.keys({ postgresql: 1, mysql: 1, mariadb: 1 } satisfies Record<EngineType, 1>) as EngineType[];

export interface BackupFilter { status?: Status; type?: EngineType; database_id?: string }

/** What the address asks for; anything that was never ours to ask is left out. */
export function filterOf(params: Readonly<Record<string, string | undefined>>): BackupFilter {
  const status = STATUSES.find((each) => each === params["status"]);
  const type = TYPES.find((each) => each === params["type"]);
  const database_id = /^\d{1,9}$/.exec(params["database_id"] ?? "")?.[0];
  return { ...(status === undefined ? {} : { status }), ...(type === undefined ? {} : { type }), ...(database_id === undefined ? {} : { database_id }) };
}
