import { count } from "./count.ts";

export const dashboard = {
  title: "Dashboard", safety: "Are we safe?", see: "See databases", add: "Add a database", start: "Set it up, step by step",
  verdicts: { nothing: "Not set up", safe: "Safe", risk: "At risk", missed: "Not safe" },
  nothing: "Nothing is backed up yet.", nothingHint: "Add the first database, and back it up in a minute.",
  safe: (n: number) => (n === 1 ? "Your database has a backup as recent as it should be." : `All ${n} databases have a backup as recent as they should.`),
  missed: (n: number, of: number) => (of === 1 ? "Its newest backup is older than it should be." : `${n} of ${of} databases: the newest backup is older than it should be.`),
  never: (n: number, of: number) => (of === 1 ? "Your database has no backup yet." : `${n} of ${of} databases ${n === 1 ? "has" : "have"} no backup yet.`),
  at_risk: (n: number, of: number) => (of === 1 ? "Its newest backup is nearly too old." : `${n} of ${of} databases: the newest backup is nearly too old.`),
  unplanned: (n: number, of: number) => (of === 1 ? "Your database has no schedule, so its backups grow old unnoticed." : `${n} of ${of} databases ${n === 1 ? "has" : "have"} no schedule: ${n === 1 ? "its" : "their"} backups grow old unnoticed.`),
  critical: (n: number) => `Every backup is as recent as it should be, but ${count(n, "thing is", "things are")} wrong.`,
  attention: "Needs attention", calm: "Nothing needs attention.", more: (n: number) => `${count(n, "more thing", "more things")} after these.`, since: "since", of: (email: string) => `of ${email}`,
  figures: "In figures", databases: "Databases", backups: "Completed backups", rate: "Success, 30 days", stored: "Stored", ofAll: (n: string) => `of ${n} in all`, failedHint: (n: string) => `${n} failed`, noneYet: "none yet",
  protectedHint: (n: string) => `${n} as they should be`, storedHint: (change: string) => `${change} in 90 days`, storedOnce: "each backup counted once",
  usage: "Used space, 90 days", usageSoon: "From tomorrow on, this shows how it grows.",
  year: "The last year", running: "Running now", idle: "Nothing is running.", waits: (at: string) => `starts ${at}`, waiting: "Waiting for its turn", moreJobs: (n: number) => `${count(n, "more job waits", "more jobs wait")}.`,
  kinds: { backup: "Backup", restore: "Restore", verify: "Test restore", check: "Check", copy: "Copy", delete: "Deletion", probe: "Test" } as Record<string, string>,
  next: "Next runs", nextNone: "No schedule is set.", events: "Newest events", eventsNone: "Nothing has happened yet.", all: "All backups",
};
