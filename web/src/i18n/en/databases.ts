import { count } from "./count.ts";

export const databases = {
  title: "Databases", search: "Search databases", add: "Add database", emptyTitle: "No database yet", emptyText: "Add one with its connection string. SafeBase tests it before it saves it.",
  noMatch: "No database fits the search.", name: "Name", address: "Address", state: "State", newest: "Newest backup", none: "never", actions: "Actions",
  backUp: "Back up now", backUpOf: (name: string) => `Back up now: ${name}`, ordered: (name: string) => `The backup of ${name} has begun.`, done: (name: string) => `The backup of ${name} is complete.`, failed: (name: string) => `The backup of ${name} failed.`,
  history: (name: string) => `Backups of ${name}`, found: (n: number) => count(n, "database", "databases"),
  states: { none: "No schedule", met: "Up to date", at_risk: "Nearly too old", missed: "Too old", running: "Backing up", never: "No backup" },
};
