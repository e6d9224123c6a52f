import { findScan } from "../catalog/scans.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { refuseOthers, requireStorage } from "../storages/find.ts";
import { scanView, type ScanView } from "./view.ts";

/** One scan of a storage, for those who may scan it: it names what lies there. */
export async function getScan({ db }: Pick<Core, "db">, actor: Actor, { id, scan_id }: { readonly id: number; readonly scan_id: number }): Promise<ScanView> {
  const storage = await requireStorage(db, actor, id);
  refuseOthers(actor, storage);
  const row = await findScan(db, scan_id, storage.name);
  if (row === undefined) throw missing("scan", scan_id);
  return scanView(row);
}
