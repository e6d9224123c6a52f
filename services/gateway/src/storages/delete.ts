import { LOCAL_STORAGE, SafebaseError } from "@safebase/contracts";
import { copiesIn, forgetCopies } from "../catalog/storage-copies.ts";
import { deleteStorage as remove, usersOfStorage } from "../catalog/storages.ts";
import type { Db } from "../catalog/scope.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { announceStorage } from "./announce.ts";
import { lockOwnStorage } from "./find.ts";
import { counted, usersInWords } from "./in-words.ts";
import { defaultStorages } from "./named.ts";

export interface DeleteStorageInput { readonly id: number; /** Its copies are forgotten with it; what lies there stays there. */ readonly forget?: boolean | undefined }

/** Removes a storage that nothing names and in which nothing lies. Answers how many copies were forgotten. */
export async function deleteStorage(deps: Core, actor: Actor, { id, forget = false }: DeleteStorageInput): Promise<{ name: string; forgotten: number; lost: number }> {
  const { user_id, ...deleted } = await deps.db.transaction().execute(async (tx) => {
    const row = await lockOwnStorage(tx, actor, id);
    if (row.name === LOCAL_STORAGE) throw new SafebaseError("conflict", "the storage local is a part of every executor: it cannot be removed");
    await refuseNamed(tx, row.name);
    await refuseHolding(tx, row.name, forget);
    const counts = await forgetCopies(tx, row.name, deps.now().toISOString());
    await remove(tx, row);
    await auditDone(tx, deps, actor, "storage.delete", { type: "storage", id }, { name: row.name, type: row.type, target: row.target, copies_forgotten: counts.forgotten, backups_lost: counts.lost });
    return { user_id: row.user_id, name: row.name, ...counts };
  });
  announceStorage(deps, { id, user_id });
  return deleted;
}

async function refuseNamed(tx: Db, name: string): Promise<void> {
  if ((await defaultStorages(tx)).includes(name)) throw new SafebaseError("conflict", `backups go to ${name} by default`, { hint: "choose other default_storages first: PUT /api/settings" });
  const users = await usersOfStorage(tx, name);
  const words = usersInWords(users);
  if (words === "") return;
  throw new SafebaseError("conflict", `${name} is the storage of ${words}: ${[...users.databases, ...users.schedules, ...users.servers].slice(0, 5).join(", ")}`, { hint: "set their storages to others first" });
}

async function refuseHolding(tx: Db, name: string, forget: boolean): Promise<void> {
  const { lying, open } = await copiesIn(tx, name);
  if (open > 0) throw new SafebaseError("conflict", `${counted(open, "copy", "copies")} ${open === 1 ? "is" : "are"} being written to ${name}`, { hint: "wait for those jobs or cancel them first" });
  if (lying === 0 || forget) return;
  throw new SafebaseError("conflict", `${counted(lying, "copy", "copies")} of backups ${lying === 1 ? "lies" : "lie"} in ${name}`, {
    hint: "delete those backups first, or forget these copies with ?forget=true: what lies there stays there, and a scan brings it back",
  });
}
