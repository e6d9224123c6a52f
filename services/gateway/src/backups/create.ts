import { SafebaseError, type Compression, type Format } from "@safebase/contracts";
import { lockDatabase } from "../catalog/databases.ts";
import { announceBackup } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { namesOf, storagesColumn } from "../storages/named.ts";
import { checkFormat } from "./format.ts";
import { getBackup } from "./get.ts";
import { checkParts, type PartsAsked } from "./parts.ts";
import { queueBackup } from "./queue.ts";
import type { BackupDetails } from "./view.ts";

export interface CreateBackupInput extends PartsAsked {
  readonly database_id: number;
  readonly format?: Format | undefined;
  readonly compression?: Compression | undefined;
  /** Names; default: what the database says. */
  readonly storages?: readonly string[] | undefined;
  readonly time_limit_s?: number | undefined;
  readonly stall_limit_s?: number | undefined;
}

/** Orders a backup of a registered database; returns it `pending`. */
export async function createBackup(deps: Deps, actor: Actor, input: CreateBackupInput): Promise<BackupDetails> {
  const id = await deps.db.transaction().execute(async (tx) => {
    const database = await lockDatabase(tx, input.database_id, actor.scope);
    if (database === undefined) throw missing("database", input.database_id);
    checkFormat(database.type, input.format);
    checkParts(database.type, input.format, input);
    const storages = namesOf(input.storages === undefined ? null : await storagesColumn(tx, database.user_id, input.storages)) ?? undefined;
    const queued = await queueBackup(tx, deps, database, { ...input, storages, trigger: "manual" });
    if (queued === undefined) throw new SafebaseError("internal", "a backup without a schedule was made before");
    await auditDone(tx, deps, actor, "backup.create", { type: "backup", id: queued.backup.id }, { database_id: database.id, ...(storages === undefined ? {} : { storages }) });
    return queued.backup.id;
  });
  deps.dispatcher.kick();
  const backup = await getBackup(deps, actor, { id });
  await announceBackup(deps, backup.user_id, id);
  return backup;
}
