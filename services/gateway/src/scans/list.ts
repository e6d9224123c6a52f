import * as catalog from "../catalog/scans.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { refuseOthers, requireStorage } from "../storages/find.ts";
import { scanView, type ScanView } from "./view.ts";

const SHOWN = 20;

/** The last scans of a storage, newest first. */
export async function listScans({ db }: Pick<Core, "db">, actor: Actor, { id }: { readonly id: number }): Promise<ScanView[]> {
  const storage = await requireStorage(db, actor, id);
  refuseOthers(actor, storage);
  return (await catalog.listScans(db, storage.name, SHOWN)).map(scanView);
}
