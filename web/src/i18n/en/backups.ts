import { count } from "./count.ts";

export const backups = {
  title: "Backups", filters: "Filters", status: "Status", type: "Type", database: "Database", trigger: "Trigger", all: "All", size: "Size", made: "Made", took: "Took",
  emptyTitle: "No backup yet", emptyText: "Backups appear here as soon as one has begun.", noMatch: "No backup fits these filters.", clear: "Clear filters",
  pages: "Pages", previous: "Previous", next: "Next", page: (page: string, pages: string) => `Page ${page} of ${pages}`, total: (n: number) => count(n, "backup", "backups"),
  one: (id: number) => `Backup ${id}`, back: "All backups", download: "Download", facts: "Details", file: "File", raw: "Before compression", format: "Format", server: "Server", tool: "Made with", checksum: "SHA-256",
  verified: "Proved by a test restore", notVerified: "not yet", encrypted: "Encrypted", yes: "yes", no: "no", started: "Started", finished: "Finished",
  copies: "Copies", storage: "Storage", contents: "Contents", table: "Table", rows: "Rows", about: (n: string) => `about ${n}`, warnings: "Warnings", noContents: "What it holds is known when it is complete.",
  copyStates: { pending: "Being stored", good: "Good", missing: "Missing", damaged: "Damaged" },
};
