import { freshDatabase, tempDir } from "@safebase/testing";
import { sql } from "kysely";
import { describe, expect, inject, test } from "vitest";
import { copiesOf } from "./copies.ts";
import { openCatalog, type CatalogDialect } from "./open.ts";
import { storagesInUse } from "./storages-in-use.ts";
import type { Db } from "./scope.ts";

const AT = "2026-01-02T03:04:05.000Z";
const CHECKED = "2026-02-03T04:05:06.000Z";
const RECIPIENT = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

/** Each as [status, integrity, checked, purged, with the key], and what its copy in local is to be: state and whether it was checked. */
const BACKUPS: [columns: [string, string, string | null, string | null, number | null], copy: [string, string | null] | undefined][] = [
  [["completed", "unchecked", null, null, 1], ["good", null]],
  [["completed", "good", CHECKED, null, null], ["good", CHECKED]],
  [["completed", "damaged", CHECKED, null, null], ["damaged", CHECKED]],
  [["completed", "missing", CHECKED, null, null], ["missing", CHECKED]],
  [["pending", "unchecked", null, null, 1], ["pending", null]],
  [["running", "unchecked", null, null, null], ["pending", null]],
  [["failed", "unchecked", null, null, null], ["missing", null]],
  [["canceled", "unchecked", null, null, null], ["missing", null]],
  [["completed", "good", CHECKED, CHECKED, null], undefined],
];

/** What a version before storages left behind. */
async function fill(db: Db): Promise<void> {
  await sql`insert into users (email, password_hash, role, created_at) values ('a@example.org', '-', 'admin', ${AT})`.execute(db);
  await sql`insert into encryption_keys (user_id, name, recipient, created_at) values (1, 'k', ${RECIPIENT}, ${AT})`.execute(db);
  await sql`insert into databases (user_id, name, type, host, port, username, db_name, ssl_mode, executor_group, created_at, updated_at)
    values (1, 'shop', 'mysql', 'h', 1, 'u', 'shop', 'prefer', 'east', ${AT}, ${AT})`.execute(db);
  for (const [[status, integrity, checked, purged, key]] of BACKUPS) {
    await sql`insert into backups (user_id, database_id, "trigger", type, format, compression, storage, stem, status, created_at, updated_at, integrity, checked_at, deleted_at, purged_at, encryption_key_id)
      values (1, 1, 'manual', 'mysql', 'sql', 'zstd', 'local', 'mysql/shop', ${status}, ${AT}, ${AT}, ${integrity}, ${checked}, ${purged}, ${purged}, ${key})`.execute(db);
  }
  await sql`insert into storage_status (storage, executor_group, used_bytes, checked_at) values ('local', 'east', 5, ${AT})`.execute(db);
}

async function emptyCatalog(dialect: CatalogDialect, stack: AsyncDisposableStack): Promise<string> {
  if (dialect === "sqlite") return `sqlite:${stack.use(await tempDir("older")).path}/catalog.db`;
  const { username, password, host, port, db_name } = stack.use(await freshDatabase(inject("postgres"), "older"));
  return `postgres://${username}:${password}@${host}:${port}/${db_name}`;
}

describe.each(["sqlite", "postgresql"] as const)("a catalog of an older version on %s", (dialect) => {
  test("from before storages: each backup gets its copy in local, and the key that opens it", async () => {
    await using stack = new AsyncDisposableStack();
    const url = await emptyCatalog(dialect, stack);
    {
      await using before = await openCatalog(url, "0008-sessions-ended");
      await fill(before.db);
    }
    const { db } = stack.use(await openCatalog(url));
    const copies = await copiesOf(db, BACKUPS.map((_, index) => index + 1));
    expect(copies.map(({ backup_id, storage, state, checked_at }) => [backup_id, storage, state, checked_at]))
      .toEqual(BACKUPS.flatMap(([, copy], index) => (copy === undefined ? [] : [[index + 1, "local", ...copy]])));
    expect(await db.selectFrom("backup_keys").selectAll().orderBy("backup_id").execute()).toEqual([1, 5].map((backup_id) => ({ backup_id, encryption_key_id: 1 })));
    expect(await db.selectFrom("storages").selectAll().execute()).toMatchObject([{ id: 1, name: "local", user_id: null, type: "local", shared: 1, config_sealed: null, encryption_key_id: null }]);
    expect(await storagesInUse(db, ["local"])).toEqual([{ group: "east", storages: [{ name: "local", config_sealed: null }] }]);
    expect(await db.selectFrom("databases").select(["storages", "encryption_key_id"]).execute()).toEqual([{ storages: null, encryption_key_id: null }]);
    await expect(db.insertInto("copies").values({ backup_id: 1, storage: "nowhere", state: "good", detail: null, checked_at: null, created_at: AT, updated_at: AT }).execute()).rejects.toThrow(/foreign key/i);
  });
});
