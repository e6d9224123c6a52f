import type { StorageStatus } from "../catalog/schema.ts";

type Room = Pick<StorageStatus, "free_bytes" | "total_bytes">;

/** How full the disk below a storage is, whoever filled it; null where a storage has no end. */
export function usedPercent({ free_bytes, total_bytes }: Room): number | null {
  if (free_bytes === null || total_bytes === null || total_bytes === 0) return null;
  return 100 * (1 - free_bytes / total_bytes);
}
