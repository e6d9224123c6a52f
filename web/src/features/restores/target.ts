import type { Backup, Database, EngineType } from "../../api/types.ts";

/** Over the backup's own database, over another one, or beside them under a name that is new. */
export const KINDS = ["own", "other", "new"] as const;
export type Kind = (typeof KINDS)[number];

/** Where a restore is to go, as it is chosen; what belongs to another kind stays as it was. */
export interface Target { readonly kind: Kind; readonly other_id: string; readonly server_id: string; readonly name: string }

/** What the API is asked for; undefined while it is not said. */
export function targetOf({ kind, other_id, server_id, name }: Target): { database_id?: number; db_name?: string } | undefined {
  if (kind === "own") return {};
  if (kind === "other") return other_id === "" ? undefined : { database_id: Number(other_id) };
  return server_id === "" || name.trim() === "" ? undefined : { database_id: Number(server_id), db_name: name };
}

/** A name that tells of what and of when, as long as every engine takes it. */
export function suggestedName(db_name: string, made_at: string): string {
  const end = `_${made_at.slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "_")}`;
  const whole = new TextEncoder().encode(db_name).length + end.length <= 63 ? db_name : "restored";
  return `${whole}${end}`;
}

/** What could be restored to: databases of the same type, and one of each of their servers, that of the backup first. */
export function placesFor(type: EngineType, own_id: number, databases: readonly Database[]): { own: Database | undefined; others: Database[]; servers: Database[] } {
  const fitting = databases.filter((database) => database.type === type).toSorted((one, two) => Number(two.id === own_id) - Number(one.id === own_id));
  const servers = fitting.filter((database, at) => fitting.findIndex((first) => serverOf(first) === serverOf(database)) === at);
  return { own: fitting.find(({ id }) => id === own_id), others: fitting.filter(({ id }) => id !== own_id), servers };
}

export const serverOf = ({ host, port }: Pick<Database, "host" | "port">): string => `${host}:${port}`;

/** The backup's own database where it is still registered, unless the address says otherwise; else another one. */
export function defaultTarget(backup: Pick<Backup, "type" | "database_id" | "database_name" | "created_at">, databases: readonly Database[], asked: { to: string | undefined; as: string | undefined }): Target {
  const { own, others, servers } = placesFor(backup.type, backup.database_id, databases);
  const to = [...(own === undefined ? [] : [own]), ...others].find(({ id }) => String(id) === asked.to);
  const chosen = { other_id: String((to === own ? undefined : to)?.id ?? others[0]?.id ?? ""), server_id: String((to ?? servers[0])?.id ?? ""), name: asked.as ?? suggestedName(own?.db_name ?? backup.database_name, backup.created_at) };
  if (asked.as !== undefined) return { ...chosen, kind: "new" };
  return { ...chosen, kind: own !== undefined && (to === undefined || to === own) ? "own" : others.length > 0 ? "other" : "own" };
}
