import type { Notice } from "../../api/types.ts";

/** What a notice is about, by name. */
export function aboutOf(notice: Pick<Notice, "database" | "storage" | "server" | "service" | "login">): string {
  const { database, storage, server, service, login } = notice;
  return [database?.name, storage?.id, server?.name, service === null ? undefined : [service.id, service.group].filter((each) => each !== null).join(" · "), login?.ip].filter((each) => each !== undefined && each !== null && each !== "").join(" · ");
}

/** The page where the reader sees more of it. */
export function placeOf({ restore_id, backup_id, database, storage, server, kind }: Pick<Notice, "restore_id" | "backup_id" | "database" | "storage" | "server" | "kind">): string | undefined {
  if (restore_id !== null) return `/restores/${restore_id}`;
  if (backup_id !== null && kind !== "backup_expired") return `/backups/${backup_id}`;
  if (database !== null) return `/databases/${database.id}`;
  if (storage !== null) return "/storages";
  if (server !== null) return `/servers/${server.id}`;
  if (kind === "login_new_place") return "/profile";
  return undefined;
}
