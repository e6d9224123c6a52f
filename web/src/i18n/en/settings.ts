import { count } from "./count.ts";

export const settings = {
  title: "Settings", saved: "Saved.",
  schedules: "Schedules", pauseLabel: "Pause all schedules", pauseHint: "No schedule runs, and what would have run meanwhile is not caught up on.", paused: "All schedules are paused.", resumed: "Schedules run again.",
  registration: "Registration", open: "Anybody may make himself an account", openHint: "With the role User. Closed: only admins make accounts.", fixed: "SAFEBASE_REGISTRATION=closed: it is not opened here.",
  storages: "Default storages", storagesHint: "Where backups go of databases and schedules that name no storages. Only common storages can be chosen.", storagesNeeded: "Choose at least one.",
  recovery: "Disaster recovery", recoveryText: "Every night the catalog is copied, encrypted, to each common storage. The recovery kit holds what opens these copies, and the master key: keep it away from this machine.",
  places: "Copies in", lastBackup: "Last copy", noBackup: "None yet", size: "Size", recipient: "Encrypted to", backUp: "Copy now", backedUp: "The catalog is copied.", failedAt: (storage: string) => `Not stored in ${storage}`,
  kit: "Recovery kit…", kitTitle: "Download the recovery kit", kitText: "Whoever has the kit and a copy of the catalog can open every secret. Type your password once more.", password: "Password", download: "Download", kitDone: "The recovery kit is downloaded. Keep it in a safe place, away from SafeBase.",
  executors: "Executors", host: "Host", group: "Group", clients: "Programs", jobs: "Running jobs", seen: "Last seen", version: "Version", noExecutors: "No executor lives: no backup can run", deadGroup: (group: string) => `No executor of the group ${group} lives: its databases are not backed up.`,
  morePrograms: (n: number) => count(n, "program", "programs"), services: "Services", alive: (name: string, n: number) => `${name}: ${n === 0 ? "not running" : `${n} running`}`,
  names: { gateway: "Gateway", executor: "Executor", scheduler: "Scheduler", notifier: "Notifier" } as Readonly<Record<string, string>>, about: "About", docs: "API reference",
};
