import { count } from "./count.ts";

export const attention = {
  what: {
    never_backed_up: () => "No backup yet", objective_missed: () => "Newest backup too old", objective_at_risk: () => "Newest backup nearly too old", unplanned: () => "No schedule", unproved: () => "No recent test restore",
    backup_failed: () => "Last backup failed", backups_damaged: (n: number) => count(n, "backup is damaged or missing", "backups are damaged or missing"), copies_lost: (n: number) => count(n, "copy is damaged or missing", "copies are damaged or missing"),
    verification_failed: () => "Test restore failed", check_failed: () => "A check could not be done", restore_failed: () => "Restore failed",
    executors_lost: () => "No executor is running", executor_lost: () => "An executor has vanished", scheduler_lost: () => "No scheduler is running", notifier_lost: () => "No notifier is running", schedules_paused: (n: number) => `${count(n, "schedule is", "schedules are")} paused`,
    storage_unreachable: () => "Cannot be reached", storage_full: () => "Nearly full", catalog_backup_overdue: () => "SafeBase itself has no recent backup", alerts_undelivered: (n: number) => count(n, "alert was not delivered", "alerts were not delivered"),
  },
  hints: {
    unplanned: "Its backups grow old unnoticed.", executors_lost: "Backups and restores wait until one is started.", executor_lost: "Others of its group go on.", scheduler_lost: "Nothing is backed up on schedule until it is started.",
    notifier_lost: "Alerts wait until it is started.", schedules_paused: "Nothing is backed up on schedule.", catalog_backup_overdue: "Without a copy, its settings and history are lost with its disk.", copies_lost: "Each of these backups is good elsewhere.",
  } as Partial<Record<string, string>>,
  subjects: { group: (name: string) => `Executors of ${name}`, scheduler: "Scheduler", notifier: "Notifier", schedules: "Schedules", catalog: "Catalog", storage: (name: string) => `Storage ${name}`, channel: (name: string) => `Channel ${name}` },
  newest: (ago: string) => `Newest backup ${ago}`, limit: (age: string) => `at most ${age} is wanted`, used: (percent: string) => `${percent} are taken`,
  actions: { backup: "See backup", restore: "See restore", database: "See database", schedule: "Set a schedule", storage: "See storage", settings: "Settings", deliveries: "See alerts" },
  test: "Test", testOf: (name: string) => `Test the storage ${name}`, tested: (name: string) => `The storage ${name} works.`, catalog: "Back it up now", catalogDone: "SafeBase itself is backed up.",
};
