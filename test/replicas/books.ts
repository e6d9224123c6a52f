import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseManifest } from "@safebase/artifact";
import { filesIn } from "../e2e/system.ts";
import type { Fleet } from "./fleet.ts";
import type { Orders } from "./load.ts";

/** What does not add up, in sentences; and what is worth knowing where all does. */
export interface Books { readonly wrong: readonly string[]; readonly figures: Readonly<Record<string, number>> }

/** Compares what was ordered with what the catalog says, what lies in the storage and what people were told. When all is over. */
export async function checkBooks(fleet: Fleet, orders: Orders): Promise<Books> {
  const { ask } = fleet;
  const parts = [await jobs(ask), await backups(ask, orders), await others(ask, orders), await planned(ask), await audited(ask), await stored(fleet, ask), await told(fleet, ask)];
  return { wrong: [...orders.refusals, ...parts.flatMap(({ wrong }) => wrong)], figures: Object.assign({ unsure: orders.unsure }, ...parts.map(({ figures }) => figures)) };
}

/** Every job is over and was well; each that was ordered is there once. */
async function jobs(ask: Fleet["ask"]): Promise<Books> {
  const bad = await ask("SELECT id, kind, status, gave_up_after FROM jobs WHERE status <> 'completed'");
  const [runs] = await ask("SELECT count(*) AS jobs, sum(attempts) AS runs, max(attempts) AS most FROM jobs");
  return {
    wrong: bad.map(({ id, kind, status, gave_up_after }) => `job ${String(id)} (${String(kind)}) is ${String(status)}${gave_up_after === null ? "" : ", given up"}`),
    figures: { jobs: Number(runs?.["jobs"]), runs: Number(runs?.["runs"]), most_runs_of_a_job: Number(runs?.["most"]) },
  };
}

/** What was accepted is there, completed, with one job; beside that, no more than those of which nobody was told. */
async function backups(ask: Fleet["ask"], { backups: accepted, unsure, after_id }: Orders): Promise<Books> {
  const rows = await ask(`SELECT backups.id, backups.status, "trigger", backups.error_msg, (SELECT count(*) FROM jobs WHERE backup_id = backups.id AND kind = 'backup') AS jobs FROM backups`);
  const manual = new Set(rows.filter(({ trigger }) => trigger === "manual").map(({ id }) => Number(id)));
  const extra = [...manual].filter((id) => id > after_id && !accepted.includes(id));
  return {
    wrong: [
      ...accepted.filter((id) => !manual.has(id)).map((id) => `backup ${id} was accepted, and is lost`),
      ...new Set(accepted).size < accepted.length ? ["one backup was the answer to two requests"] : [],
      ...extra.length > unsure ? [`${extra.length} backups were made that nobody ordered; ${unsure} requests were not answered`] : [],
      ...rows.filter(({ status }) => status !== "completed").map(({ id, status, error_msg }) => `backup ${String(id)} is ${String(status)}: ${String(error_msg)}`),
      ...rows.filter(({ jobs: count }) => Number(count) !== 1).map(({ id, jobs: count }) => `backup ${String(id)} has ${String(count)} jobs`),
    ],
    figures: { backups: rows.length, accepted: accepted.length },
  };
}

async function others(ask: Fleet["ask"], { restores, verifications, deleted }: Orders): Promise<Books> {
  const wrong: string[] = [];
  for (const [table, ids] of [["restores", restores.map(({ id }) => id)], ["verifications", verifications]] as const) {
    const found = new Map((await ask(`SELECT id, status, error_msg FROM ${table}`)).map((row) => [Number(row["id"]), row]));
    for (const id of ids) if (!found.has(id)) wrong.push(`${table} ${id} was accepted, and is lost`);
    for (const [id, { status, error_msg }] of found) if (status !== "completed") wrong.push(`${table} ${id} is ${String(status)}: ${String(error_msg)}`);
  }
  const purged = new Set((await ask("SELECT id FROM backups WHERE purged_at IS NOT NULL")).map(({ id }) => Number(id)));
  for (const id of deleted) if (!purged.has(id)) wrong.push(`backup ${id} was deleted, and is still there`);
  return { wrong, figures: { restores: restores.length, verifications: verifications.length, deleted: deleted.length } };
}

/** No planned time has two backups; one that has none was skipped, and said so, or a later one caught up on it. */
async function planned(ask: Fleet["ask"]): Promise<Books> {
  const rows = await ask(`SELECT schedule_id, planned_at, "trigger", count(*) AS count FROM backups WHERE schedule_id IS NOT NULL GROUP BY schedule_id, planned_at, "trigger"`);
  const skips = await ask("SELECT object_id, detail, count(*) AS count FROM audit WHERE action = 'schedule.skip' GROUP BY object_id, detail");
  const once = new Set(rows.map(({ schedule_id, planned_at }) => `${String(schedule_id)} ${String(planned_at)}`));
  return {
    wrong: [
      ...rows.filter(({ count }) => Number(count) > 1).map(({ schedule_id, planned_at }) => `schedule ${String(schedule_id)} has run twice for ${String(planned_at)}`),
      ...once.size < rows.length ? ["a planned time was run both in time and to catch up"] : [],
      ...skips.filter(({ count }) => Number(count) > 1).map(({ object_id, detail }) => `schedule ${String(object_id)} was skipped twice: ${String(detail)}`),
    ],
    figures: { scheduled: rows.filter(({ trigger }) => trigger === "scheduled").length, caught_up: rows.filter(({ trigger }) => trigger === "catch_up").length, skipped: skips.length },
  };
}

/** Each order stands in the audit log once. */
async function audited(ask: Fleet["ask"]): Promise<Books> {
  const made = `SELECT backups.id FROM backups LEFT JOIN audit ON audit.action = 'backup.create' AND audit.outcome = 'ok'
    AND ((audit.object_type = 'backup' AND audit.object_id = backups.id) OR (audit.object_type = 'schedule' AND (audit.detail::json->>'backup_id')::int = backups.id))
    WHERE backups."trigger" <> 'safety' GROUP BY backups.id HAVING count(audit.id) <> 1`;
  const restored = "SELECT restores.id FROM restores LEFT JOIN audit ON audit.action = 'restore.create' AND audit.object_type = 'restore' AND audit.object_id = restores.id GROUP BY restores.id HAVING count(audit.id) <> 1";
  const deleted = "SELECT backups.id FROM backups LEFT JOIN audit ON audit.action = 'backup.delete' AND audit.object_id = backups.id WHERE deleted_at IS NOT NULL GROUP BY backups.id HAVING count(audit.id) <> 1";
  const wrong: string[] = [];
  for (const [what, sql] of [["backup", made], ["restore", restored], ["deletion of backup", deleted]] as const) {
    for (const { id } of await ask(sql)) wrong.push(`${what} ${String(id)} is not once in the audit log`);
  }
  return { wrong, figures: {} };
}

/** Every backup that is there has its one artifact, with the bytes that catalog and manifest tell; nothing else lies in the storage. */
async function stored({ artifacts_dir }: Fleet, ask: Fleet["ask"]): Promise<Books> {
  const files = new Set(await filesIn(artifacts_dir));
  const wrong: string[] = [];
  let artifacts = 0;
  for (const { id, stem, filepath, size_bytes, sha256 } of await ask("SELECT id, stem, filepath, size_bytes, sha256 FROM backups WHERE status = 'completed' AND deleted_at IS NULL")) {
    const [key, manifestKey] = [String(filepath), `${String(stem)}.manifest.json`];
    if (!files.delete(key) || !files.delete(manifestKey)) {
      wrong.push(`backup ${String(id)} lacks ${key} or its manifest`);
      continue;
    }
    artifacts++;
    const data = await readFile(join(artifacts_dir, key));
    const manifest = parseManifest(await readFile(join(artifacts_dir, manifestKey), "utf8"), manifestKey);
    const found = `${data.length} ${createHash("sha256").update(data).digest("hex")}`, [part] = manifest.parts;
    const alike = found === `${part?.size_bytes} ${part?.sha256}` && found === `${String(size_bytes)} ${String(sha256)}`;
    if (manifest.backup_id !== Number(id) || !alike) wrong.push(`backup ${String(id)}: catalog, manifest and bytes differ`);
  }
  return { wrong: [...wrong, ...[...files].map((file) => `${file} lies in the storage, and is nobody's`)], figures: { artifacts } };
}

/** Each end was noted once, and what was noted was delivered; more than once is allowed, and counted. */
async function told({ hook }: Fleet, ask: Fleet["ask"]): Promise<Books> {
  const requests = hook.requests.map(({ body }) => (JSON.parse(body) as { notices: { id: string }[] }).notices.map(({ id }) => id)).flat();
  const delivered = new Set(requests);
  const notes = await ask("SELECT notices.id, notices.kind, count(notifications.id) AS notifications, min(status) AS status FROM notices LEFT JOIN notifications ON notice_id = notices.id GROUP BY notices.id, notices.kind");
  const ends = await ask("SELECT payload::json->>'backup_id' AS backup_id, count(*) AS count FROM notices WHERE kind IN ('backup_completed', 'backup_recovered') GROUP BY 1");
  const [{ count } = { count: 0 }] = await ask("SELECT count(*) AS count FROM backups WHERE status = 'completed'");
  return {
    wrong: [
      ...notes.filter(({ notifications, status }) => Number(notifications) !== 1 || status !== "delivered").map(({ id, kind, notifications, status }) => `notice ${String(id)} (${String(kind)}) has ${String(notifications)} notifications, ${String(status)}`),
      ...notes.filter(({ id }) => !delivered.has(String(id))).map(({ id, kind }) => `notice ${String(id)} (${String(kind)}) has reached nobody`),
      ...ends.filter((end) => Number(end["count"]) !== 1).map((end) => `${String(end["count"])} notices tell of the end of backup ${String(end["backup_id"])}`),
      ...ends.length === Number(count) ? [] : [`${Number(count)} backups were completed, and people were told of ${ends.length}`],
    ],
    figures: { notices: notes.length, deliveries: requests.length, delivered_twice: requests.length - delivered.size },
  };
}
