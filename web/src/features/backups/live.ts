import { createSignal } from "solid-js";
import { onBackupProgress } from "../../api/events.ts";
import type { Progress } from "../../api/types.ts";

/** The newest progress of each backup as it comes: by the backup's id, while the page is open. */
export function createProgress(): (backup_id: number) => Progress | undefined {
  const [newest, setNewest] = createSignal<Readonly<Record<number, Progress>>>({});
  onBackupProgress((id, progress) => setNewest((all) => ({ ...all, [id]: progress })));
  return (id) => newest()[id];
}
