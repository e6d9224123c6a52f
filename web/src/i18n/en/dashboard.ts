export const dashboard = {
  title: "Dashboard", safety: "Are we safe?",
  nothing: "Nothing is backed up yet.", nothingHint: "Add the first database, and back it up in a minute.",
  safe: (n: number) => (n === 1 ? "Your database has a backup as recent as it should be." : `All ${n} databases have a backup as recent as they should.`),
  risk: (names: string, n: number) => `${names}: the newest ${n === 1 ? "backup is" : "backups are"} nearly too old.`,
  missed: (names: string, n: number) => `${names}: ${n === 1 ? "no backup is" : "no backups are"} as recent as they should be.`,
  unplanned: (names: string, n: number) => `${names}: ${n === 1 ? "it has no schedule, so its backups grow" : "they have no schedule, so their backups grow"} old unnoticed.`,
  never: (names: string) => `${names}: no backup yet.`,
  verdicts: { nothing: "Not set up", safe: "Safe", risk: "At risk", missed: "Not safe" },
  see: "See databases", add: "Add a database",
  databases: "Databases", backups: "Completed backups", rate: "Success, 30 days", stored: "Stored",
  ofAll: (n: string) => `of ${n} in all`, failedHint: (n: string) => `${n} failed`, noneYet: "none yet",
  running: "Running now", idle: "Nothing is running.", last: "Newest backups", lastNone: "No backup has been made yet.", next: "Next runs", nextNone: "No schedule is set.", all: "All backups",
};
