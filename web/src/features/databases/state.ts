import type { Database, Objective } from "../../api/types.ts";
import type { Tone } from "../../ui/badge.tsx";

export type DatabaseState = "running" | "never" | Objective["state"];
export const TONES: Record<DatabaseState, Tone> = { running: "info", never: "bad", none: "none", met: "good", at_risk: "warn", missed: "bad" };

export interface Row { readonly database: Database; readonly state: DatabaseState; readonly newest_at: string | null }

/** Each database with the state of its backups. */
export function rowsOf(databases: readonly Database[], objectives: readonly Pick<Objective, "kind" | "database_id" | "state" | "newest_at">[], running: ReadonlySet<number>): Row[] {
  const judged = new Map(objectives.filter(({ kind }) => kind === "backup").map((one) => [one.database_id, one]));
  return databases.map((database) => {
    const found = judged.get(database.id);
    const newest_at = found?.newest_at ?? null;
    return { database, newest_at, state: running.has(database.id) ? "running" : newest_at === null ? "never" : found?.state ?? "none" };
  });
}

/** Does a database fit what was typed? Every word must be somewhere in what is shown of it. */
export function fits({ name, type, host, db_name }: Pick<Database, "name" | "type" | "host" | "db_name">, search: string): boolean {
  const text = `${name} ${type} ${host} ${db_name}`.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
