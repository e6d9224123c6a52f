import { asSafebaseError, SafebaseError } from "@safebase/contracts";
import { endScan, endSilentScans, insertScan, touchScan, type Scan } from "../catalog/scans.ts";
import type { StorageRow } from "../catalog/storages-schema.ts";
import { requireGroup } from "../executors/groups/require.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { checkObjectives } from "../objectives/check.ts";
import { refuseOthers, requireStorage } from "../storages/find.ts";
import { scanStorage, type Findings } from "./scan.ts";
import { scanView, type ScanView } from "./view.ts";

/** A scan says so often how far it is; one that was silent for so long is none any more. */
const TELL_MS = 2_000;
const SILENT_MS = 60_000;

export interface CreateScanInput { readonly id: number; /** Whose executors are to reach the databases that are found. */ readonly executor_group?: string | undefined }

/**
 * Begins to read all manifests of a storage, and goes on without whoever asked: what the catalog does not know becomes
 * databases without passwords, backups and copies. In a storage that is for everybody, only an admin may: what nobody has
 * becomes his.
 */
export async function createScan(deps: Deps, actor: Actor, { id, executor_group = deps.config.executor_group }: CreateScanInput): Promise<ScanView> {
  const row = await requireStorage(deps.db, actor, id);
  refuseOthers(actor, row);
  await requireGroup(deps.db, deps.config, actor, executor_group);
  const now = deps.now();
  const scan = await deps.db.transaction().execute(async (tx) => {
    await endSilentScans(tx, row.name, new Date(now.getTime() - SILENT_MS).toISOString(), now.toISOString());
    const inserted = await insertScan(tx, { user_id: actor.user_id, storage: row.name, at: now.toISOString() });
    if (inserted === undefined) throw new SafebaseError("conflict", `the storage ${row.name} is being scanned already`, { hint: `see GET /api/storages/${id}/scans` });
    await auditDone(tx, deps, actor, "storage.scan", { type: "storage", id }, { scan_id: inserted.id, name: row.name });
    return inserted;
  });
  deps.background.run(`the scan of ${row.name}`, (signal) => run(deps, actor, { scan, row, executor_group }, signal));
  return scanView(scan);
}

interface Work { readonly scan: Scan; readonly row: StorageRow; readonly executor_group: string }

async function run(deps: Deps, actor: Actor, { scan, row, executor_group }: Work, signal: AbortSignal): Promise<void> {
  let told_ms = 0;
  const tell = async (findings: Findings): Promise<void> => {
    if (performance.now() - told_ms < TELL_MS) return;
    told_ms = performance.now();
    await touchScan(deps.db, scan.id, findings.counts, deps.now().toISOString());
  };
  // What nobody has becomes the admin's who scans, in a common storage; in one's own, it is one's own.
  const adopter = { user_id: row.user_id ?? actor.user_id, executor_group, scope: row.user_id === null || row.shared === 1 ? "all" : "own" } as const;
  try {
    const findings = await scanStorage(deps, await deps.storages.open(row), adopter, tell, signal);
    await touchScan(deps.db, scan.id, findings.counts, deps.now().toISOString());
    await endScan(deps.db, scan.id, { status: "completed", error_code: null, error_msg: null, error_hint: null, at: deps.now().toISOString() });
    await checkObjectives(deps, deps.dispatcher);
  } catch (error) {
    const { code, message, hint = null } = asSafebaseError(signal.aborted ? new SafebaseError("canceled", "the gateway was stopped while it ran", { hint: "scan again: what was found stays" }) : error);
    deps.log.warn({ err: error, storage: row.name }, "a scan did not come through");
    await endScan(deps.db, scan.id, { status: "failed", error_code: code, error_msg: message, error_hint: hint, at: deps.now().toISOString() });
  }
}
