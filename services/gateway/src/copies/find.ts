import { SafebaseError } from "@safebase/contracts";
import { lockBackup } from "../catalog/backups.ts";
import { copiesOf, type CopyRow } from "../catalog/copies.ts";
import type { Backup } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";

export interface CopyInput { readonly backup_id: number; readonly storage: string }

/** A completed backup, locked, and its copies. */
export async function lockStored(tx: Db, actor: Pick<Actor, "scope">, id: number): Promise<{ backup: Backup; copies: CopyRow[] }> {
  const backup = await lockBackup(tx, id, actor.scope);
  if (backup === undefined) throw missing("backup", id);
  if (backup.status !== "completed") throw new SafebaseError("conflict", `backup ${id} is ${backup.status}; only a completed backup has copies`);
  return { backup, copies: await copiesOf(tx, [id]) };
}

/** Throws unless a copy is good besides this one. */
export function requireOther(copies: readonly CopyRow[], { backup_id, storage }: CopyInput, hint: string): void {
  if (copies.some((copy) => copy.state === "good" && copy.storage !== storage)) return;
  throw new SafebaseError("conflict", `backup ${backup_id} has no good copy besides that in ${storage}`, { hint });
}

export function copyIn(copies: readonly CopyRow[], { backup_id, storage }: CopyInput): CopyRow {
  const copy = copies.find((each) => each.storage === storage);
  if (copy === undefined) throw new SafebaseError("not_found", `backup ${backup_id} has no copy in ${storage.slice(0, 80)}`);
  return copy;
}
