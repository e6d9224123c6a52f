import { randomUUID } from "node:crypto";
import { asSafebaseError, noticeOf, StorageReport, subjects } from "@safebase/contracts";
import type { StorageStatus } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { putStorageStatus } from "../catalog/storage-status.ts";
import { changeWatched, findWatched, groupsInUse, insertWatched } from "../catalog/watched.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { tell } from "../notifications/tell.ts";
import { usedPercent } from "./share.ts";

/** A storage of many thousand artifacts takes its time to be listed. */
const PATIENCE_MS = 60_000;
/** A storage that was nearly full has space again when it is so much below the threshold, so that it does not go to and fro. */
const SLACK_PERCENT = 2;

/** Asks one executor of each group in turn how full its storages are; tells when one is nearly full, and when it no longer is. */
export async function checkStorages(core: Core, dispatcher: Pick<Dispatcher, "kick">): Promise<void> {
  for (const group of await groupsInUse(core.db)) {
    const report = await ask(core, group);
    for (const { storage, ...found } of report?.storages ?? []) {
      const status: StorageStatus = { storage, executor_group: group, ...found, checked_at: core.now().toISOString() };
      if (await core.db.transaction().execute((tx) => record(tx, core, status))) dispatcher.kick();
    }
  }
}

/** A group without an executor is told of by the watch. */
async function ask(core: Core, group: string): Promise<StorageReport | undefined> {
  try {
    return StorageReport.parse(await core.bus.request(subjects.storageReport(group), {}, PATIENCE_MS));
  } catch (error) {
    const { code } = asSafebaseError(error);
    core.log[code === "no_executor" ? "info" : "warn"]({ err: error, group }, "how full the storages are could not be asked");
    return undefined;
  }
}

/** Whether there is something to tell. */
async function record(tx: Db, core: Core, status: StorageStatus): Promise<boolean> {
  await putStorageStatus(tx, status);
  const key = `storage:${status.executor_group}:${status.storage}`;
  await insertWatched(tx, { key, state: "has_space", since: status.checked_at, last_seen_at: null, detail: null });
  const watched = await findWatched(tx, key);
  const percent = usedPercent(status);
  if (watched === undefined || percent === null || status.free_bytes === null || status.total_bytes === null) return false;
  const state = stateOf(percent, watched.state, core.config.storage_alert_percent);
  if (state === watched.state || !await changeWatched(tx, watched, { state, since: status.checked_at })) return false;
  const { storage: id, used_bytes, free_bytes, total_bytes } = status;
  const kind = state === "nearly_full" ? "storage_nearly_full" : "storage_has_space";
  await tell(tx, noticeOf(kind, randomUUID(), status.checked_at, { storage: { id, used_bytes, free_bytes, total_bytes } }));
  return true;
}

function stateOf(percent: number, before: string, alert_percent: number): "nearly_full" | "has_space" {
  if (percent > alert_percent) return "nearly_full";
  return before === "nearly_full" && percent > alert_percent - SLACK_PERCENT ? "nearly_full" : "has_space";
}
