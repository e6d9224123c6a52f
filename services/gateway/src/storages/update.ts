import { LOCAL_STORAGE, SafebaseError, type Warning } from "@safebase/contracts";
import { doubtCopies } from "../catalog/storage-copies.ts";
import { updateStorage as change, usersOfStorage } from "../catalog/storages.ts";
import type { StorageRow } from "../catalog/storages-schema.ts";
import type { Db } from "../catalog/scope.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireUsableKey } from "../keys/require.ts";
import { announceStorage } from "./announce.ts";
import { changeConfig, openConfig, sealConfig, type ConfigChange } from "./config.ts";
import type { SavedStorage } from "./create.ts";
import { lockOwnStorage, refuseFolder, refuseOthers, requireSharer, requireStorage } from "./find.ts";
import { getStorage } from "./get.ts";
import { usersInWords } from "./in-words.ts";
import { defaultStorages } from "./named.ts";
import { checkTargets } from "./target.ts";
import { warningsOf } from "./warnings.ts";

/** What is left out stays, in `config`, too; null takes an optional field of it away. */
export interface UpdateStorageInput {
  readonly id: number;
  readonly name?: string | undefined;
  readonly config?: ConfigChange | undefined;
  readonly shared?: boolean | undefined;
  readonly encryption_key_id?: number | null | undefined;
}

/** Changes a storage. Copies do not follow it to another place: they are expected there. */
export async function updateStorage(deps: Core, actor: Actor, { id, ...input }: UpdateStorageInput): Promise<SavedStorage> {
  const warnings = await checkWanted(deps, actor, id, input);
  const at = deps.now().toISOString();
  const expected = await deps.db.transaction().execute(async (tx) => {
    const before = await lockOwnStorage(tx, actor, id);
    await checkShared(tx, before, input.shared);
    const key = input.encryption_key_id ?? null;
    if (key !== null && key !== before.encryption_key_id) await requireUsableKey(tx, before.user_id ?? actor.user_id, key);
    const after = await change(tx, id, {
      ...leading(deps, before, input.config), shared: input.shared === undefined ? before.shared : Number(input.shared),
      encryption_key_id: input.encryption_key_id === undefined ? before.encryption_key_id : key, updated_at: at,
    });
    await auditDone(tx, deps, actor, "storage.update", { type: "storage", id }, { name: after.name, type: after.type, target: after.target, changed: changed(input) });
    return after.type === before.type && after.target === before.target ? 0 : doubtCopies(tx, after.name, at);
  });
  const storage = await getStorage(deps, actor, { id });
  announceStorage(deps, storage);
  return { storage, warnings: expected === 0 ? warnings : [...warnings, moved(storage.target, expected)] };
}

/** Refuses what can be refused without a lock, and asks the network: not while the catalog is locked. */
async function checkWanted(deps: Core, actor: Actor, id: number, { name, config, shared }: Omit<UpdateStorageInput, "id">): Promise<Warning[]> {
  const row = await requireStorage(deps.db, actor, id);
  refuseOthers(actor, row);
  if (name !== undefined && name !== row.name) {
    throw new SafebaseError("bad_request", `name: a storage's name never changes, for backups and schedules mean it by its name; this one is ${row.name}`, { hint: "add another storage under the new name" });
  }
  if (row.name === LOCAL_STORAGE && (config !== undefined || shared !== undefined)) {
    throw new SafebaseError("conflict", "the storage local is a part of every executor: nothing but its encryption_key_id can be changed", { hint: "add a storage of its own: POST /api/storages" });
  }
  if (config === undefined) return [];
  const wanted = changeConfig(row.name, openConfig(deps.secrets, row), config);
  refuseFolder(actor, wanted.type);
  await checkTargets(wanted, deps.config.allowed_targets);
  return warningsOf(wanted);
}

async function checkShared(tx: Db, before: StorageRow, shared: boolean | undefined): Promise<void> {
  if (shared === true && before.shared === 0) await requireSharer(tx, before.user_id);
  if (shared !== false || before.shared === 0) return;
  if ((await defaultStorages(tx)).includes(before.name)) throw new SafebaseError("conflict", `shared: backups go to ${before.name} by default`, { hint: "choose other default_storages first: PUT /api/settings" });
  const others = usersInWords(await usersOfStorage(tx, before.name, before.user_id));
  if (others !== "") throw new SafebaseError("conflict", `shared: ${before.name} is the storage of ${others} of others`, { hint: "they name another storage first" });
}

function leading(deps: Core, before: StorageRow, config: ConfigChange | undefined): Partial<StorageRow> {
  return config === undefined ? {} : sealConfig(deps.secrets, changeConfig(before.name, openConfig(deps.secrets, before), config));
}

function moved(target: string, copies: number): Warning {
  const subject = copies === 1 ? "1 copy is" : `${copies} copies are`;
  return { code: "copies_expected", message: `${subject} now expected at ${target}: nothing was moved there, and the next checks look for ${copies === 1 ? "it" : "them"} first` };
}

/** Names only: values of a config may be secret. */
function changed(input: Omit<UpdateStorageInput, "id">): string[] {
  const { config, name: _, ...rest } = input;
  const named = Object.entries(rest).filter(([, value]) => value !== undefined).map(([field]) => field);
  return [...named, ...Object.keys(config ?? {}).map((field) => `config.${field}`)];
}
