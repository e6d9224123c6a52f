import { randomUUID } from "node:crypto";
import { asSafebaseError, noticeOf, StorageReport, subjects, type Failure, type Notice, type NoticeKind, type StorageReportRequest } from "@safebase/contracts";
import { putStorageFailure, putStorageStatus, type StorageRoom } from "../catalog/storage-status.ts";
import { storagesInUse, type GroupStorages } from "../catalog/storages-in-use.ts";
import { ownerOfStorage } from "../catalog/storages.ts";
import type { Db } from "../catalog/scope.ts";
import { changeWatched, findWatched, insertWatched } from "../catalog/watched.ts";
import { requestOf } from "../executors/ask.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { tell } from "../notifications/tell.ts";
import { defaultStorages } from "./named.ts";
import { usedPercent } from "./share.ts";

/** Executors answer within a shorter time, whatever the storages do. */
const PATIENCE_MS = 60_000;
/** A storage that was nearly full has space again when it is so much below the threshold, so that it does not go to and fro. */
const SLACK_PERCENT = 2;

/**
 * Asks one executor of each group how full the storages of its databases are; tells when one is nearly full or cannot
 * be reached, and when it no longer is so.
 */
export async function checkStorages(core: Core, dispatcher: Pick<Dispatcher, "kick">): Promise<void> {
  const groups = await storagesInUse(core.db, await defaultStorages(core.db));
  const reports = await Promise.all(groups.map((group) => ask(core, group)));
  for (const [index, report] of reports.entries()) {
    for (const found of findingsOf(core, groups[index]!.group, report)) {
      if (await core.db.transaction().execute((tx) => record(tx, core, found))) dispatcher.kick();
    }
  }
}

/** A group without an executor is told of by the watch. */
async function ask(core: Core, { group, storages }: GroupStorages): Promise<StorageReport | undefined> {
  try {
    return StorageReport.parse(await requestOf(core, subjects.storageReport, group, { storages } satisfies StorageReportRequest, PATIENCE_MS));
  } catch (error) {
    const { code } = asSafebaseError(error);
    core.log[code === "no_executor" ? "info" : "warn"]({ err: error, group }, "how full the storages are could not be asked");
    return undefined;
  }
}

/** What one executor found of one storage. */
interface Finding { readonly storage: string; readonly executor_group: string; readonly at: string; readonly found: StorageRoom | Failure }

function findingsOf(core: Core, executor_group: string, report: StorageReport | undefined): Finding[] {
  const at = core.now().toISOString();
  const common = { executor_group, at };
  return [
    ...(report?.storages ?? []).map(({ storage, ...found }) => ({ ...common, storage, found })),
    ...(report?.problems ?? []).map(({ storage, failure }) => ({ ...common, storage, found: failure })),
  ];
}

/** Whether there is something to tell. */
async function record(tx: Db, core: Core, finding: Finding): Promise<boolean> {
  const { found, at, storage, executor_group } = finding;
  if (await ownerOfStorage(tx, storage) === undefined) return false; // it was removed meanwhile
  if ("code" in found) {
    await putStorageFailure(tx, { storage, executor_group }, found, at);
    return becomes(tx, finding, { watch: "storage_up", from: "up", to: "down", kind: "storage_unreachable" });
  }
  await putStorageStatus(tx, { storage, executor_group }, found, at);
  const back = await becomes(tx, finding, { watch: "storage_up", from: "up", to: "up", kind: "storage_back" });
  return await recordRoom(tx, core, finding, found) || back;
}

async function recordRoom(tx: Db, core: Core, finding: Finding, room: StorageRoom): Promise<boolean> {
  const percent = usedPercent(room);
  if (percent === null) return false;
  const limit = core.config.storage_alert_percent;
  if (percent > limit) return becomes(tx, finding, { watch: "storage", from: "has_space", to: "nearly_full", kind: "storage_nearly_full" });
  const enough = percent <= limit - SLACK_PERCENT;
  return enough && becomes(tx, finding, { watch: "storage", from: "has_space", to: "has_space", kind: "storage_has_space" });
}

interface Change { readonly watch: string; /** What it was before anybody looked. */ readonly from: string; readonly to: string; readonly kind: NoticeKind }

/** Tells that something is so now, once, by whichever gateway is first. */
async function becomes(tx: Db, { storage, executor_group, at, found }: Finding, { watch, from, to, kind }: Change): Promise<boolean> {
  const key = `${watch}:${executor_group}:${storage}`;
  await insertWatched(tx, { key, state: from, since: at, last_seen_at: null, detail: null });
  const watched = await findWatched(tx, key);
  if (watched === undefined || watched.state === to || !await changeWatched(tx, watched, { state: to, since: at })) return false;
  await tell(tx, noticeOf(kind, randomUUID(), at, { ...await ownerOf(tx, storage), ...aboutOf(storage, found) }));
  return true;
}

function aboutOf(id: string, found: StorageRoom | Failure): Pick<Notice, "storage" | "error"> {
  if ("code" in found) return { storage: { id, used_bytes: null, free_bytes: null, total_bytes: null }, error: found };
  const { used_bytes, free_bytes, total_bytes } = found;
  return { storage: { id, used_bytes, free_bytes, total_bytes }, error: null };
}

/** Who is told: its owner; the installation, of what all store in. */
async function ownerOf(tx: Db, storage: string): Promise<Pick<Notice, "user_id" | "user_email">> {
  const row = await ownerOfStorage(tx, storage);
  return row === undefined || row.shared === 1 ? { user_id: null, user_email: null } : { user_id: row.user_id, user_email: row.user_email };
}
