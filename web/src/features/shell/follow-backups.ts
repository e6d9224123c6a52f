import { onEvent } from "../../api/events.ts";
import type { Backup } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { toast } from "../../ui/toasts.tsx";

/** Tells on every page when a backup ends, once. */
export function followBackups(): void {
  const told = new Set<number>();
  onEvent("backup", (data) => {
    const { id, status, database_name } = data as Backup;
    if (status !== "completed" && status !== "failed") return;
    if (told.has(id)) return;
    told.add(id);
    if (status === "completed") toast("good", t().databases.done(database_name));
    else toast("bad", t().databases.failed(database_name));
  });
}
