import type { StorageUsers } from "../catalog/storages.ts";

/** How many there are of something; empty for none. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}

/** What names a storage: "2 databases and 1 schedule"; empty for nothing. */
export function usersInWords({ databases, schedules, servers }: StorageUsers): string {
  const parts = [counted(databases.length, "database"), counted(schedules.length, "schedule"), counted(servers.length, "server")].filter((part) => part !== "");
  return parts.join(", ").replace(/, ([^,]*)$/, " and $1");
}
