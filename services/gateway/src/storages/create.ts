import { SafebaseError, type Warning } from "@safebase/contracts";
import { insertStorage } from "../catalog/storages.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireUsableKey } from "../keys/require.ts";
import { announceStorage } from "./announce.ts";
import { checkedConfig, sealConfig, type ConfigChange } from "./config.ts";
import { refuseFolder, requireSharer } from "./find.ts";
import { getStorage } from "./get.ts";
import { checkTargets } from "./target.ts";
import type { StorageView } from "./view.ts";
import { warningsOf } from "./warnings.ts";

/** A storage, and what to know of it. */
export interface SavedStorage { readonly storage: StorageView; readonly warnings: Warning[] }

export interface CreateStorageInput {
  readonly name: string;
  readonly config: ConfigChange;
  readonly shared?: boolean | undefined;
  readonly encryption_key_id?: number | null | undefined;
}

/** Adds a place for backups. Nothing is asked of it: that is what a test is for. */
export async function createStorage(deps: Core, actor: Actor, { name, shared = false, encryption_key_id = null, ...input }: CreateStorageInput): Promise<SavedStorage> {
  const config = checkedConfig(name, input.config);
  refuseFolder(actor, config.type);
  await checkTargets(config, deps.config.allowed_targets);
  const at = deps.now().toISOString();
  const id = await deps.db.transaction().execute(async (tx) => {
    if (shared) await requireSharer(tx, actor.user_id);
    if (encryption_key_id !== null) await requireUsableKey(tx, actor.user_id, encryption_key_id);
    const row = await insertStorage(tx, {
      ...sealConfig(deps.secrets, config), user_id: actor.user_id, name, shared: shared ? 1 : 0, encryption_key_id, created_at: at, updated_at: at,
    });
    if (row === undefined) throw new SafebaseError("conflict", `there is a storage named ${name} already`, { hint: "choose another name" });
    await auditDone(tx, deps, actor, "storage.create", { type: "storage", id: row.id }, { name, type: row.type, target: row.target, shared, encryption_key_id });
    return row.id;
  });
  announceStorage(deps, { id, user_id: actor.user_id });
  return { storage: await getStorage(deps, actor, { id }), warnings: warningsOf(config) };
}
