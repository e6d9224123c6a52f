import type { Words } from "./words.ts";

export const english: Words = {
  locale: "en-GB",
  colon: ": ",
  what: {
    backup_completed: "Backup completed", backup_recovered: "Backups work again", backup_failed: "Backup failed",
    backup_skipped: "Backup skipped", backup_expired: "Old backups removed", backup_damaged: "Backup damaged",
    restore_completed: "Restore completed", restore_failed: "Restore failed",
    verification_completed: "Backup verified", verification_failed: "Verification failed",
    objective_at_risk: "Objective at risk", objective_missed: "Objective missed", objective_met: "Objective met again",
    executor_lost: "Executor lost", executor_back: "Executor back",
    scheduler_lost: "Scheduler lost", scheduler_back: "Scheduler back",
    gateway_lost: "Gateway lost", gateway_back: "Gateway back",
    notifier_lost: "Notifier lost", notifier_back: "Notifier back",
    catalog_backup_failed: "Backup of SafeBase itself failed",
    storage_unreachable: "Storage unreachable", storage_back: "Storage reachable again",
    storage_nearly_full: "Storage nearly full", storage_has_space: "Storage has space again",
    login_new_place: "Login from a new place",
    server_databases_changed: "Databases of a server changed", server_sync_failed: "Server cannot be followed", server_sync_recovered: "Server is followed again",
  },
  counted: {
    backup_completed: ["backup completed", "backups completed"], backup_recovered: ["database is backed up again", "databases are backed up again"],
    backup_failed: ["backup failed", "backups failed"], backup_skipped: ["backup skipped", "backups skipped"],
    backup_expired: ["removal of old backups", "removals of old backups"], backup_damaged: ["backup damaged", "backups damaged"],
    restore_completed: ["restore completed", "restores completed"], restore_failed: ["restore failed", "restores failed"],
    verification_completed: ["backup verified", "backups verified"], verification_failed: ["verification failed", "verifications failed"],
    objective_at_risk: ["objective at risk", "objectives at risk"], objective_missed: ["objective missed", "objectives missed"],
    objective_met: ["objective met again", "objectives met again"],
    executor_lost: ["executor lost", "executors lost"], executor_back: ["executor back", "executors back"],
    scheduler_lost: ["scheduler lost", "schedulers lost"], scheduler_back: ["scheduler back", "schedulers back"],
    gateway_lost: ["gateway lost", "gateways lost"], gateway_back: ["gateway back", "gateways back"],
    notifier_lost: ["notifier lost", "notifiers lost"], notifier_back: ["notifier back", "notifiers back"],
    catalog_backup_failed: ["backup of SafeBase itself failed", "backups of SafeBase itself failed"],
    storage_unreachable: ["storage unreachable", "storages unreachable"], storage_back: ["storage reachable again", "storages reachable again"],
    storage_nearly_full: ["storage nearly full", "storages nearly full"], storage_has_space: ["storage has space again", "storages have space again"],
    login_new_place: ["login from a new place", "logins from new places"],
    server_databases_changed: ["change of a server's databases", "changes of servers' databases"],
    server_sync_failed: ["server cannot be followed", "servers cannot be followed"], server_sync_recovered: ["server is followed again", "servers are followed again"],
  },
  next: {
    backup_completed: undefined, backup_recovered: undefined, backup_expired: undefined, restore_completed: undefined,
    verification_completed: undefined, objective_met: undefined, executor_back: undefined, scheduler_back: undefined,
    gateway_back: undefined, notifier_back: undefined, storage_has_space: undefined, storage_back: undefined, server_databases_changed: undefined, server_sync_recovered: undefined,
    backup_failed: "Remove the cause, then start a backup by hand: until then the newest one gets older.",
    backup_skipped: "If this keeps happening, leave more time between the backups.",
    backup_damaged: "Do not count on this backup: back the database up again, look at the storage's disk, and check the other backups.",
    restore_failed: "Look at the restore's record: it says what became of the target.",
    verification_failed: "Do not rely on this backup: start a new one and verify it.",
    objective_at_risk: "See whether a backup or its verification is running; if not, start it now.",
    objective_missed: "Start a backup or its verification now, and find out why there was none: the history of both says it.",
    executor_lost: "See that an executor runs and reaches NATS: no backup or restore of its databases runs until then.",
    scheduler_lost: "See that the scheduler runs and reaches NATS: nothing runs on schedule until then. What falls due in the meantime will be caught up on.",
    gateway_lost: "See that the gateway runs and reaches NATS and its catalog: outcomes are not recorded until then.",
    notifier_lost: "See that the notifier runs and reaches NATS: nobody is told of failures until then.",
    catalog_backup_failed: "Look at the storage that is named and back the catalog up again: without a copy, SafeBase's own settings and history are lost with its disk.",
    storage_unreachable: "Test the storage, and see whether its server runs and its keys hold: backups that were to go there fail, or lack a copy, until then.",
    storage_nearly_full: "Make room, or keep fewer backups: they fail when it is full.",
    server_sync_failed: "See that the server can be reached with this user: databases that are new on it are not backed up until then.",
    login_new_place: "If this was not you, log out everywhere and tell an administrator: somebody knows the password.",
  },
  labels: {
    database: "Database", why: "Why", next: "Next", backup: "Backup", restore: "Restore", verification: "Verification",
    trigger: "Trigger", size: "Size", duration: "Duration", time: "Time", owner: "Owner",
  },
  triggers: { manual: "by hand", scheduled: "on schedule", catch_up: "catching up with a missed time", safety: "before a restore" },
  notices: ["notice", "notices"],
  backups: ["backup", "backups"],
  test: "Test",
  testSentence: "This is a test message: the channel works, and nothing has happened.",
  open: "Open SafeBase",
  automatic: "SafeBase sent this automatically; replies are not read.",
  skipped: "The previous backup was not over yet.",
  number: (database_id) => `no. ${database_id}`,
  more: (count) => `… and ${count} more`,
  group: (name) => `group ${name}`,
  objective(kind, age, limit) {
    const one = kind === "backup" ? "backup" : "verified backup";
    if (age === undefined) return `There is no ${one} yet; the newest may be ${limit} old at most.`;
    return `The newest ${one} is ${age} old; it may be ${limit} old at most.`;
  },
  expired: (backups, size) => `Retention removed ${backups}${size === undefined ? "" : `, ${size}`}.`,
  silent: (since) => (since === undefined ? "Nothing has been heard from it." : `It was last heard from on ${since}.`),
  back: (since) => (since === undefined ? "It is back." : `It is back; nothing had been heard from it since ${since}.`),
  space: (free, total, percent) => `${free} of ${total} are free (${percent}).`,
  server(what, names, more) {
    const all = `${names}${more === undefined ? "" : ` and ${more} more`}`;
    if (what === "added") return `New, registered: ${all}.`;
    if (what === "returned") return `There again: ${all}.`;
    if (what === "vanished") return `No longer on the server: ${all}; their backups stay.`;
    return `Not backed up, for the user may not connect to them: ${all}.`;
  },
  login: (ip, agent) => `From ${ip ?? "an unknown address"}${agent === undefined ? "" : `, with ${agent}`}.`,
};
