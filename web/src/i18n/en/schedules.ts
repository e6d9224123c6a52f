import { count } from "./count.ts";

/** Schedules: when databases are backed up, and how. */
export const schedules = {
  title: "Schedules", add: "Add schedule", addTitle: "New schedule", back: "All schedules", search: "Search schedules", state: "State", states: { all: "All", on: "Running", off: "Paused" },
  emptyTitle: "No schedule yet", emptyText: "A schedule backs a database up by itself, and removes what has become too old.", noDatabase: "Add a database first: a schedule is for one.", noMatch: "No schedule fits.", clear: "Show all",
  database: "Database", name: "Name", nameHint: "Empty: as its database", when: "When", next: "Next run", last: "Last runs", actions: "Actions", total: (n: number) => count(n, "schedule", "schedules"), owner: (email: string) => `of ${email}`,
  runs: (name: string) => `Last runs of ${name}`, none: "none yet", paused: "Paused", allPaused: "All schedules are paused", allPausedText: "Nothing runs by itself until they are resumed in the settings.",
  missed: "Missed", missedAt: (time: string) => `It should have run on ${time}, and no backup was made.`, late: (time: string) => `${time} late`, enabled: (name: string) => `${name} runs`, on: "It runs", off: "It is paused",
  runNow: "Run now", runNowOf: (name: string) => `Run now: ${name}`, ordered: (name: string) => `The backup of ${name} has begun.`, resumed: (name: string) => `${name} runs again.`, stopped: (name: string) => `${name} is paused.`,
  open: "Edit", openOf: (name: string) => `Edit the schedule ${name}`, history: "Its backups", standing: "How it stands",
  times: "When", keep: "How long backups are kept", prove: "Test restores", options: "Options", save: "Save", create: "Create schedule", saved: "The schedule is saved.", created: "The schedule is created.", readOnly: "You may look at this schedule, not change it.",
  remove: "Delete", removeTitle: (name: string) => `Delete the schedule ${name}?`, removeText: "Nothing runs by it any more. The backups that it made stay, and follow the retention of their database.", removed: "The schedule is deleted.",
  verifyHint: "A test restore loads a backup into a database of its own, compares what is there, and drops it.", verifyEvery: "Test restore", never: "never", everyOne: "every backup", everyOf: (n: number) => `every ${n} backups`,
  verifyOn: "On which server", ownServer: "the database’s own", serverOf: (name: string) => `that of ${name}`,
  format: "Format", usual: "as usual for the engine", formats: { custom: "custom (pg_dump -Fc)", sql: "SQL" }, compression: "Compression", compressions: { zstd: "zstd", gzip: "gzip", zip: "zip", none: "none" }, usualCompression: "as usual (zstd)",
  parts: "Parts dumped at once", auto: "as many as its size asks for", globals: "With the server’s roles and tablespaces", jitter: "Begin later by up to", jitterHint: "So that not all begin at once.", noJitter: "not at all",
  storages: "Where backups go", asDatabase: (names: string) => `As the database says${names === "" ? "" : ` (${names})`}`, ownStorages: "Chosen here", chosen: "Storages",
};
