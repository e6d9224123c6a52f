import type { Scan, ScanProblem } from "../catalog/scans.ts";

/** A scan as the API shows it. */
export type ScanView = ReturnType<typeof scanView>;

export function scanView(row: Scan) {
  const { id, storage, status, artifacts, known, backups, copies, databases, left_out, error_code, error_msg, error_hint, created_at, updated_at, finished_at } = row;
  return {
    id, storage, status, artifacts, known, adopted: { backups, copies, databases }, left_out, problems: JSON.parse(row.problems) as ScanProblem[],
    error_code, error_msg, error_hint, created_at, updated_at, finished_at,
  };
}
