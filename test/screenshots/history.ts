import { DatabaseSync } from "node:sqlite";

const DAYS = 365;
const DAY_MS = 86_400_000;

/** What is left of a year of nightly backups: as a policy of 14 daily and 12 monthly ones keeps them, a failure now and then. */
export function addHistory(catalog: string, templates: readonly number[]): void {
  const db = new DatabaseSync(catalog);
  db.exec("PRAGMA busy_timeout = 10000");
  const columns = (table: string): string[] => db.prepare(`PRAGMA table_info(${table})`).all().map((row) => String(row["name"])).filter((name) => name !== "id");
  const copyOf = (table: string, where: string, change: Record<string, string>): string => {
    const names = columns(table);
    return `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(", ")}) SELECT ${names.map((name) => change[name] ?? `"${name}"`).join(", ")} FROM ${table} WHERE ${where}`;
  };
  const at = (column: string): string => `strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, :shift)`;
  const times = Object.fromEntries(["created_at", "started_at", "finished_at", "updated_at"].map((column) => [column, at(column)]));
  const backup = db.prepare(copyOf("backups", "id = :id", {
    ...times, stem: "stem || '_' || :day", trigger: "'scheduled'", status: ":status", size_bytes: "cast(size_bytes * :growth as integer)", raw_size_bytes: "cast(raw_size_bytes * :growth as integer)",
    error_code: ":code", error_msg: ":message", verified_at: "NULL", purged_at: ":purged", deleted_at: ":purged",
  }));
  const job = db.prepare(copyOf("jobs", "backup_id = :id AND kind = 'backup'", { ...times, backup_id: ":made", status: ":status", run_id: "NULL" }));
  const copies = db.prepare(copyOf("copies", "backup_id = :id", { backup_id: ":made" }));
  db.exec("BEGIN");
  for (const [number, id] of templates.entries()) {
    for (let day = DAYS - number * 40; day > 0; day--) {
      const failed = (day * 7 + number * 13) % 61 === 0;
      const gone = day > 14 && day % 30 !== 0;
      const [shift, status] = [`-${day * 86_400 - number * 137} seconds`, failed ? "failed" : "completed"];
      const { lastInsertRowid } = backup.run({
        id, day, shift, status, growth: 1 - day / (DAYS * 1.6),
        code: failed ? "unreachable" : null, message: failed ? "nothing listens at db.internal:5432: connection refused" : null,
        purged: gone ? new Date(Date.now() - (day - 14) * DAY_MS).toISOString() : null,
      });
      job.run({ id, shift, status, made: lastInsertRowid });
      if (!failed && !gone) copies.run({ id, made: lastInsertRowid });
    }
  }
  for (const id of templates) db.prepare("UPDATE backups SET deleted_at = updated_at, purged_at = updated_at WHERE id = ?").run(id); // the newest ones come after all of these
  db.exec("COMMIT");
  db.close();
}
