import { count } from "./count.ts";

/** What of a history is kept. */
export const retention = {
  legend: "How long backups are kept", preset: "Retention",
  presets: { inherit: "As the database says", all: "Keep everything", week: "7 days", month: "28 days", year: "365 days", classic: "7 daily, 4 weekly, 12 monthly", custom: "Rules of your own" },
  customHint: "A backup stays when any of these rules keeps it. What is left empty says nothing.",
  fields: { keep_last: "The newest", keep_days: "Days", daily: "Daily", weekly: "Weekly", monthly: "Monthly", yearly: "Yearly" },
  hints: { keep_last: "So many backups", keep_days: "Younger than so many", daily: "One of each day", weekly: "One of each week", monthly: "One of each month", yearly: "One of each year" },
  says: {
    inherit: "Backups follow the retention of their database.", all: "Everything is kept.", kept: (rules: string) => `Kept: ${rules}. The last completed, the last verified and pinned backups always stay.`,
    keep_last: (n: number) => (n === 1 ? "the newest backup" : `the newest ${n} backups`), keep_days: (n: number) => `what is younger than ${count(n, "day", "days")}`, tiers: (tiers: string) => `the newest of each of the last ${tiers}`,
    daily: (n: number) => count(n, "day", "days"), weekly: (n: number) => count(n, "week", "weeks"), monthly: (n: number) => count(n, "month", "months"), yearly: (n: number) => count(n, "year", "years"),
  },
  preview: "What this would do now", invalid: "These rules are not right yet.", waiting: "Looking at the history…", none: "There is no completed backup yet.", nothingGoes: (kept: number, bytes: string) => `Nothing would go. ${count(kept, "backup stays", "backups stay")} (${bytes}).`,
  outcome: (gone: number, freed: string, kept: number, bytes: string) => `${count(gone, "backup", "backups")} would go (${freed}), ${count(kept, "stays", "stay")} (${bytes}).`,
  goes: "Goes", stays: "Stays",
  why: {
    pinned: "pinned", completed: "the last completed backup", verified: "the last verified backup", needed: "something that runs needs it", future: "its time is yet to come", everything: "everything is kept",
    last: (n: number) => (n === 1 ? "the newest" : `one of the newest ${n}`), notLast: (n: number) => (n === 1 ? "not the newest" : `not one of the newest ${n}`), younger: (n: number) => `younger than ${count(n, "day", "days")}`, older: (n: number) => `not younger than ${count(n, "day", "days")}`,
    newest: (period: string, place: number, of: number) => `the newest of ${period} (${place} of ${of})`, notNewest: (period: string) => `not the newest of ${period}`, before: (period: string) => `${period} is too long ago`, week: (week: string, year: string) => `week ${week} of ${year}`,
  },
};
