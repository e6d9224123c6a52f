import type { Executor } from "./types.ts";

/** Which databases an executor's programs can dump: PostgreSQL up to a major version, null for none; and those of MySQL's family. */
export interface Reach { readonly postgresql: number | null; readonly family: boolean }

export function reachOf(clients: Executor["clients"]): Reach {
  const majors = clients.filter(({ name }) => name === "pg_dump").map(({ version }) => Number.parseInt(version, 10));
  return { postgresql: majors.length === 0 ? null : Math.max(...majors), family: clients.some(({ name }) => name === "mysqldump" || name === "mariadb-dump") };
}
