import { count } from "./count.ts";

/** How old backups may get. */
export const objectives = {
  title: "Objectives", lead: "How old each database’s newest backup, and its newest proved one, may get. Who gets alerts is told when one is missed.", back: "Schedules",
  state: "State", all: "All", states: { met: "Met", at_risk: "At risk", missed: "Missed", none: "None" }, database: "Database", what: "Of which backup", age: "Its age", limit: "May get", actions: "Actions",
  kinds: { backup: "Newest backup", verification: "Newest proved backup" }, never: "there is none", ofLimit: (age: string) => `${age} old`, noLimit: "no limit", automatic: "by its schedule", own: "set here", off: "off",
  total: (n: number) => count(n, "objective", "objectives"), emptyTitle: "No objective yet", emptyText: "Every database has two from the day it is added.", noMatch: "No objective is in this state.", clear: "Show all",
  edit: "Edit", editOf: (kind: string, database: string) => `Edit: ${kind} of ${database}`, dialog: (database: string) => `How old may it get: ${database}`, enabled: "Held to it", how: "Limit",
  byschedule: "By its schedule", ownLimit: "Own limit", byscheduleHint: "Twice the longest pause between two runs of its schedule.", byscheduleNow: (time: string) => `At the moment that is ${time}.`, bynone: "It has no schedule that counts for this: nothing is expected of it.", amount: "At most", wrong: "A whole number, from one minute to ten years.", saved: "The objective is saved.",
};
