import type { Notice, NoticeKind, ServerChange } from "@safebase/contracts";

/** What a notice says, in one English sentence. For people; programs read its kind. */
export function sentenceOf(notice: Notice): string {
  const text = SENTENCES[notice.kind](notice);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const of = ({ database }: Notice): string => (database === null ? "" : ` of ${database.name}`);
const backup = (notice: Notice): string => `backup${notice.backup_id === null ? "" : ` ${notice.backup_id}`}${of(notice)}`;
const copies = ({ copies: names }: Notice): string => (names === null || names.length === 0 ? "a storage" : names.join(" and "));
const because = ({ error }: Notice): string => (error === null ? "" : `: ${error.message}`);
const service = ({ service: lost }: Notice, name: string): string => `${name}${lost?.group ? ` of the group ${lost.group}` : ""}`;
/** One of several executors, by its name; empty when it is about all of a group. */
const single = ({ service: lost }: Notice): string => (lost === null || lost.id === null ? "" : `the executor ${lost.id}`);
const age = (seconds: number): string => (seconds < 2 * 3600 ? `${Math.round(seconds / 60)} min` : seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`);

function objective(notice: Notice, verb: string): string {
  const { objective: goal } = notice;
  const newest = `the newest ${goal?.kind === "verification" ? "verified backup" : "backup"}${of(notice)}`;
  if (goal === null) return `the objective${of(notice)} ${verb}`;
  if (goal.age_s === null) return `there is no ${goal.kind === "verification" ? "verified backup" : "backup"}${of(notice)} yet; the objective is one not older than ${age(goal.limit_s)}`;
  return `${newest} is ${age(goal.age_s)} old; the objective of ${age(goal.limit_s)} ${verb}`;
}

function storage({ storage: place }: Notice): string {
  if (place === null) return "a storage";
  if (place.total_bytes === null || place.free_bytes === null) return `the storage ${place.id}`;
  return `the storage ${place.id}, of which ${Math.round((100 * (place.total_bytes - place.free_bytes)) / Math.max(1, place.total_bytes))} % are taken,`;
}

const CHANGES: Record<ServerChange, string> = { added: "new", returned: "there again", vanished: "gone", closed: "may not be entered" };

function changesOf(server: Notice["server"]): string {
  const parts = (server?.changes ?? []).map(({ what, count, names }) => `${CHANGES[what]}: ${names.join(", ")}${count > names.length ? ` and ${count - names.length} more` : ""}`);
  return parts.length === 0 ? "" : `; ${parts.join("; ")}`;
}

const SENTENCES: Record<NoticeKind, (notice: Notice) => string> = {
  backup_completed: (notice) => `${backup(notice)} completed`,
  backup_recovered: (notice) => `${backup(notice)} completed, the first since one failed`,
  backup_failed: (notice) => `${backup(notice)} failed${because(notice)}`,
  backup_skipped: (notice) => `a scheduled backup${of(notice)} was left out${because(notice) || ": the one before is not over"}`,
  backup_expired: (notice) => (notice.count === null || notice.count === 1 ? `${backup(notice)} expired` : `${notice.count} backups${of(notice)} expired`),
  backup_damaged: (notice) => `${backup(notice)} is ${notice.error?.code === "artifact_missing" ? "missing from its storage" : "damaged"}${because(notice)}`,
  copy_missing: (notice) => `${backup(notice)} was completed, but it is missing from ${copies(notice)}${because(notice)}`,
  copy_damaged: (notice) => `the copy of ${backup(notice)} in ${copies(notice)} is ${notice.error?.code === "artifact_missing" ? "missing" : "damaged"}, another is good${because(notice)}`,
  copy_repaired: (notice) => `${backup(notice)} lies in ${copies(notice)} again as it was written`,
  restore_completed: (notice) => `the restore${of(notice)} completed`,
  restore_failed: (notice) => `the restore${of(notice)} failed${because(notice)}`,
  verification_completed: (notice) => `the test restore of ${backup(notice)} completed`,
  verification_failed: (notice) => `the test restore of ${backup(notice)} failed${because(notice)}`,
  objective_at_risk: (notice) => objective(notice, "is about to be missed"),
  objective_missed: (notice) => objective(notice, "is missed"),
  objective_met: (notice) => objective(notice, "is met again"),
  executor_lost: (notice) => (single(notice) ? `${service(notice, single(notice))} has vanished; others of its group run on` : `${service(notice, "no executor")} is running`),
  executor_back: (notice) => (single(notice) ? `${service(notice, single(notice))} is back` : `${service(notice, "executors")} are running again`),
  scheduler_lost: () => "no scheduler is running: nothing is backed up on schedule",
  scheduler_back: () => "the scheduler is running again",
  gateway_lost: () => "the gateway has fallen silent",
  gateway_back: () => "the gateway is back",
  notifier_lost: () => "no notifier is running: nobody is told of anything",
  notifier_back: () => "the notifier is running again",
  catalog_backup_failed: (notice) => `the catalog of SafeBase could not be backed up${because(notice)}`,
  storage_unreachable: (notice) => `${storage(notice)} cannot be reached${because(notice)}`,
  storage_back: (notice) => `${storage(notice)} is reached again`,
  storage_nearly_full: (notice) => `${storage(notice)} is nearly full`,
  storage_has_space: (notice) => `${storage(notice)} has space again`,
  server_databases_changed: ({ server }) => `databases of the server ${server?.name ?? ""} changed${changesOf(server)}`,
  server_sync_failed: (notice) => `the databases of the server ${notice.server?.name ?? ""} could not be listed${because(notice)}`,
  server_sync_recovered: ({ server }) => `the databases of the server ${server?.name ?? ""} can be listed again`,
  login_new_place: ({ login }) => `your account was used from a new place${login?.ip ? `: ${login.ip}` : ""}`,
};
