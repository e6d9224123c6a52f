import { count } from "./count.ts";

export const audit = {
  title: "Audit log", lead: "Who did what, when and from where. Nothing is ever changed or removed here.", at: "When", actor: "Who", action: "What", object: "On", from: "From", outcome: "Outcome", detail: "Details",
  filters: "Filters", subject: "Subject", all: "All", search: "Who (email)", since: "From", until: "Until", clear: "Clear filters", csv: "Export CSV",
  total: (n: number) => count(n, "entry", "entries"), noMatch: "Nothing fits these filters", empty: "Nothing has happened yet",
  outcomes: { ok: "Done", refused: "Refused", failed: "Failed" },
  subjects: {
    auth: "Accounts", user: "Users", token: "API tokens", database: "Databases", server: "Servers", backup: "Backups", restore: "Restores", verification: "Test restores", check: "Checks", job: "Jobs", link: "Download links", schedule: "Schedules",
    schedules: "All schedules", storage: "Storages", key: "Keys", channel: "Channels", notification: "Notifications", objective: "Objectives", settings: "Settings", recovery: "Recovery", master_key: "Master key", executor: "Executors",
  },
  objects: { backup: "backup", channel: "channel", check: "check", database: "database", encryption_key: "key", job: "job", join_token: "join token", notification: "notification", objective: "objective", restore: "restore", schedule: "schedule", server: "server", storage: "storage", token: "API token", user: "user", verification: "test restore" },
  actions: {
    "auth.register": "Account made", "auth.login": "Login", "auth.logout": "Logout", "auth.password": "Password changed", "auth.email": "Email changed",
    "user.create": "User invited", "user.role": "Role changed", "user.password": "Password reset", "user.disable": "Account disabled", "user.enable": "Account enabled", "user.delete": "Account deleted",
    "token.create": "API token made", "token.delete": "API token revoked",
    "database.create": "Database added", "database.update": "Database changed", "database.delete": "Database removed", "database.test": "Connection tested",
    "server.create": "Server added", "server.update": "Server changed", "server.delete": "Server removed", "server.test": "Server tested", "server.sync": "Databases looked up",
    "backup.create": "Backup ordered", "backup.delete": "Backup deleted", "backup.expire": "Backup expired", "backup.download": "Backup downloaded", "backup.pin": "Backup pinned", "backup.unpin": "Pin removed", "backup.copy": "Copy ordered", "backup.integrity": "Damage found",
    "restore.create": "Restore ordered", "restore.plan": "Restore planned", "verification.create": "Test restore ordered", "check.create": "Check ordered", "job.cancel": "Job canceled", "link.create": "Download link made", "link.use": "Download link used",
    "schedule.create": "Schedule made", "schedule.update": "Schedule changed", "schedule.delete": "Schedule removed", "schedule.skip": "Run skipped", "schedules.pause": "Schedules paused", "schedules.resume": "Schedules resumed",
    "storage.create": "Storage added", "storage.update": "Storage changed", "storage.delete": "Storage removed", "storage.test": "Storage tested", "storage.scan": "Storage scanned",
    "key.create": "Key added", "key.update": "Key changed", "key.delete": "Key deleted", "key.identity": "Identity taken", "key.keep": "Identity stored", "key.keep_away": "Identity forgotten",
    "channel.create": "Channel added", "channel.update": "Channel changed", "channel.delete": "Channel removed", "channel.test": "Channel tested", "notification.retry": "Notification tried again", "objective.update": "Objective changed",
    "settings.default_storages": "Default storages changed", "settings.registration": "Registration changed", "recovery.backup": "Catalog backed up", "recovery.kit": "Recovery kit taken", "master_key.lost": "Master key replaced",
    "executor.put_group": "Executor group changed", "executor.delete_group": "Executor group removed", "executor.create_join_token": "Join token made", "executor.delete_join_token": "Join token revoked", "executor.join": "Executor joined",
  } as Readonly<Record<string, string>>,
};
