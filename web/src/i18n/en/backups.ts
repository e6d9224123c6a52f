import { count } from "./count.ts";

/** The list of backups, and what all lists of pages say. */
export const backups = {
  title: "Backups", filters: "Filters", more: "More filters", search: "Search", searchHint: "Database or file", status: "Status", type: "Type", database: "Database", trigger: "Trigger", storage: "Storage", proof: "Test restore", pin: "Pinned", all: "All",
  period: "Period", always: "Any time", ownPeriod: "From – to…", since: "From", until: "To", periods: { today: "Today", week: "Last 7 days", month: "Last 30 days", year: "This year" },
  verifiedChoices: { true: "Proved", false: "Not proved" }, pinnedChoices: { true: "Pinned", false: "Not pinned" },
  size: "Size", made: "Ordered", took: "Took", select: (name: string) => `Select ${name}`, selectAll: "Select all on this page",
  provedAt: (at: string) => `Proved by a test restore, ${at}`, pinned: "Pinned: nothing removes it", encrypted: "Encrypted",
  emptyTitle: "No backup yet", emptyText: "Backups appear here as soon as one has begun.", noMatch: "No backup fits these filters.", clear: "Clear filters", beyond: "There are not that many pages.", first: "To the first page",
  pages: "Pages", previous: "Previous", next: "Next", pageNumber: "Page", ofPages: (pages: string) => `of ${pages}`, total: (n: number) => count(n, "backup", "backups"),
  copyStates: { pending: "Being stored", good: "Good", missing: "Missing", damaged: "Damaged" },
  about: (n: string) => `about ${n}`,
  one: (id: number) => `Backup ${id}`, started: "Started", finished: "Finished", warnings: "Warnings",
  selection: "Selection", selected: (n: number) => `${count(n, "backup", "backups")} selected`, unselect: "Unselect", done: "Done", refused: "Refused",
  bulkDone: (done: number, failed: number) => (failed === 0 ? `All ${done} done.` : `${done} done, ${failed} refused.`),
  bulk: {
    pin: { button: "Pin", title: (n: number) => `Pin ${count(n, "backup", "backups")}?`, text: "Neither retention nor a hand removes a pinned backup until it is unpinned." },
    unpin: { button: "Unpin", title: (n: number) => `Unpin ${count(n, "backup", "backups")}?`, text: "Retention may remove them again when their time has come." },
    check: { button: "Check", title: (n: number) => `Check ${count(n, "backup", "backups")}?`, text: "Every stored byte is read back and compared. No database server is asked; they take their turn." },
    verify: { button: "Test restore", title: (n: number) => `Test-restore ${count(n, "backup", "backups")}?`, text: "Each is loaded into a database made for it on its own server, compared, and dropped again. One at a time for each server." },
    remove: { button: "Delete", title: (n: number) => `Delete ${count(n, "backup", "backups")}?`, text: "Their files are removed from every storage. This cannot be taken back." },
  },
};
