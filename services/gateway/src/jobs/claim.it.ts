import { freshDatabase } from "@safebase/testing";
import { describe, expect, inject, test } from "vitest";
import { insertBackup } from "../catalog/backups.ts";
import { insertDatabase } from "../catalog/databases.ts";
import { insertJob, type JobInput } from "../catalog/jobs.ts";
import { openCatalog, type CatalogDialect } from "../catalog/open.ts";
import { insertRestore } from "../catalog/restores.ts";
import type { Backup, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { claim } from "./claim.ts";

const AT = "2026-01-02T03:04:05.000Z";

/** The same database, registered by two users; of the first a backup that is there, and one that is to be made; of the second a restore in place. */
async function twoRegistrations(db: Db): Promise<{ backup: Job; restore: Job }> {
  const add = async (email: string) => {
    const { id: user_id } = await db.insertInto("users").values({ email, password_hash: "-", role: "user", created_at: AT }).returning("id").executeTakeFirstOrThrow();
    return insertDatabase(db, {
      user_id, name: "d", type: "mariadb", host: "h", port: 3306, username: "u", password_sealed: null, db_name: "shop", ssl_mode: "prefer", ssl_ca: null,
      executor_group: "default", created_at: AT, updated_at: AT, deleted_at: null,
    });
  };
  const [one, other] = [await add("one@example.org"), await add("other@example.org")];
  const order = (): Promise<Backup | undefined> => insertBackup(db, {
    user_id: one.user_id, database_id: one.id, schedule_id: null, planned_at: null, trigger: "manual", type: "mariadb", format: "sql", compression: "zstd", created_at: AT,
  });
  const [there, wanted] = [await order(), await order()];
  const restore = await insertRestore(db, {
    user_id: other.user_id, backup_id: there!.id, target_database_id: other.id, target_db_name: "shop", must_be_new: 0, safety_backup_id: null, created_at: AT,
  });
  const job = (more: Pick<JobInput, "kind" | "user_id"> & Partial<JobInput>): Promise<Job> =>
    insertJob(db, { executor_group: "default", time_limit_s: 1, stall_limit_s: 1, not_before: AT, created_at: AT, ...more });
  return { backup: await job({ kind: "backup", user_id: one.user_id, backup_id: wanted!.id }), restore: await job({ kind: "restore", user_id: other.user_id, restore_id: restore.id }) };
}

async function emptyCatalog(dialect: CatalogDialect, stack: AsyncDisposableStack): Promise<string> {
  if (dialect === "sqlite") return "sqlite::memory:";
  const { username, password, host, port, db_name } = stack.use(await freshDatabase(inject("postgres"), "claim"));
  return `postgres://${username}:${password}@${host}:${port}/${db_name}`;
}

describe.each(["sqlite", "postgresql"] as const)("jobs that two gateways claim at once on %s", (dialect) => {
  test("a backup and a restore over the same database, of two registrations: never both", async () => {
    await using stack = new AsyncDisposableStack();
    const url = await emptyCatalog(dialect, stack);
    const first = stack.use(await openCatalog(url));
    const second = dialect === "sqlite" ? first : stack.use(await openCatalog(url));
    const { backup, restore } = await twoRegistrations(first.db);
    // The restore's time has not come for whoever claims the backup: only its lock can tell.
    await first.db.updateTable("jobs").set({ not_before: "2026-01-02T04:00:00.000Z" }).where("id", "=", restore.id).execute();
    const claimed = await Promise.all([
      first.db.transaction().execute((tx) => claim(tx, backup, AT, 8)), second.db.transaction().execute((tx) => claim(tx, restore, AT, 8)),
    ]);
    expect(claimed.filter(Boolean)).toHaveLength(1);
  });
});
