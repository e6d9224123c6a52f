import { count } from "./count.ts";

export const databases = {
  title: "Databases", search: "Search databases", add: "Add database", emptyTitle: "No database yet", emptyText: "Add one with its connection string. SafeBase tests it before it saves it.",
  noMatch: "No database fits.", name: "Name", state: "State", newest: "Newest backup", none: "never", actions: "Actions", results: "Last results", stored: "Stored", next: "Next run", paused: "paused",
  engine: "Type", everyEngine: "Every type", order: "Sorted by", every: "All", sorts: { name: "Name", state: "State, the worst first", newest: "Newest backup", size: "Stored size" },
  backUp: "Back up now", backUpOf: (name: string) => `Back up now: ${name}`, ordered: (name: string) => `The backup of ${name} has begun.`, done: (name: string) => `The backup of ${name} is complete.`, failed: (name: string) => `The backup of ${name} failed.`,
  history: (name: string) => `Backups of ${name}`, resultsOf: (name: string) => `Last results of ${name}, the newest last`, found: (n: number) => count(n, "database", "databases"),
  states: { none: "No schedule", met: "Up to date", at_risk: "Nearly too old", missed: "Too old", running: "Backing up", never: "No backup" },
  filters: { none: "No schedule", met: "Up to date", at_risk: "Nearly too old", missed: "Too old", running: "Backing up", never: "No backup", failed: "Last one failed" },
  due: { due: (time: string) => `due ${time}`, over: (time: string) => `was due ${time}` },
  verified: (at: string) => `Proved by a test restore, ${at}`, verifiedBefore: (at: string) => `An older backup, of ${at}, was proved by a test restore`, owner: (email: string) => `Of ${email}`, missing: "Gone from its server", completed: (n: number) => count(n, "completed backup", "completed backups"), sizes: "Size of the last backups",
  one: (id: number) => `Database ${id}`, more: (name: string) => `More: ${name}`, restoreNewest: "Restore the newest", allBackups: "All backups", addSchedule: "Add a schedule", edit: "Edit", delete: "Delete",
  deleteTitle: (name: string) => `Delete ${name}`, deleteAction: "Delete database", deleted: (name: string) => `${name} is deleted.`, deleteServer: "SafeBase forgets how to reach it. The database itself, on its server, is not touched.",
  deleteSchedules: (n: number) => (n === 1 ? "Its schedule ends." : `Its ${n} schedules end.`), deleteNone: "It has no completed backup.",
  deleteBackups: (n: number, bytes: string) => `${n === 1 ? "Its backup stays" : `Its ${n} backups stay`} (${bytes}): to be listed, downloaded and restored elsewhere. Retention removes none of them any more; they go when somebody deletes them.`,
};
