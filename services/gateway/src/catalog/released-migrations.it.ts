import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect, freshDatabase, quoteName, tempDir, type TestDatabase } from "@safebase/testing";
import { sql } from "kysely";
import { describe, expect, inject, test } from "vitest";
import { listBackups } from "./backup-list.ts";
import { listDatabases } from "./databases.ts";
import { listNotices } from "./notices.ts";
import { ROWS_OF } from "./older-rows-fixture.ts";
import { openCatalog, type CatalogDialect } from "./open.ts";
import type { Db } from "./scope.ts";
import { listAccounts } from "./users.ts";

const FOLDER = join(import.meta.dirname, "migrations");

/** SHA-256 of every migration that was released, for whoever has run one never runs it again. One that is released is added here. */
const RELEASED: Readonly<Record<string, string>> = {
  "0001-initial": "57c4ed83dc4c77afb2c427071035e6000c349a78c2d6e386c28af98006ead8c0",
  "0002-giving-up": "12dd868caf2974db561011410f88169a14a77d2f415db238316d04dc770f5896",
  "0003-alerting": "ad9e7d3193cf9eb2e2f37ea725c5756bc55d24c9d743c800ebd6c6a4f6e7a210",
  "0004-download-links": "6ee28b130bb52d6dad829cc8ca1a4b24c59f2b7e9e7dc1b233c014d748c2a01f",
  "0005-integrity": "fb083e418a320b288399e205de484bb32d76d895d555e0199e51c1bfb21e964f",
  "0006-encryption": "b0c332eaebade03c9453955cc3edea71bb3f7d93166162dae183125de5d308e9",
  "0007-api-tokens": "b37d15dd946d6d979e8f18774c4e04659237a977394bffc51d824394d91e91f2",
  "0008-sessions-ended": "a2ab9b254f92701e3e0b41cffc54afd2de36bb45a2cf16973e0e7705905d81f9",
  "0009-storages": "c7a2f342b914b5547b587c2430c5b42488a8a7d15fba299b78ac12a784c82927",
  "0010-servers": "dec3b563d1da2770031186745efa7d7475ecb7d3db6a50edd8b31636ce55ad45",
  "0011-storage-keys": "c11598cd5cd13d80847d06c653c054731e386c4196dc4790f5fcffd53caf7c83",
  "0012-copy-jobs": "1258a32454895780a8309871b8e8ebec50004557ba724121b90d7ff864f143c0",
  "0013-scans": "1516041846610e7956b3c63ac97ceeaaaca52030a8b814a119d81ce509aa0ebe",
  "0014-parts": "f7a5dd0324cca84f9422031bcec51db524adfac0eb23afd4603cd97d1854d7bd",
  "0015-notices-seen": "df4ff05b0e57dfe57c524377bce670e55313fa95a04cfedd12ad97edd675e2fe",
  "0016-dashboard": "5481d6747b1245d431c0957850dc37c9ac9423b671643852ce8eb23552c5e960",
  "0017-stored-sizes": "e9abf26f5c3bdf845f3604e5773c602765bd4b4dacf1fa52c489e800939404d5",
  "0018-backup-lists": "56ed322f23357a1964ee8fa23db57f1581f00e79211efe15c39429fe4b4e2945",
  "0019-people": "df775f1ac90e9d135630c60190823fc5d4001e5d99afad997c6195d3a13d37fd",
  "0020-channel-tells": "ba6abd060b8321f2129306d2d26b663f8507a79d23867b4d3b5a922e638dd295",
};
const NAMES = Object.keys(RELEASED);

/** Made anew from what the catalog holds elsewhere, or a moment later anyhow. */
const REFILLED: ReadonlySet<string> = new Set(["copies", "storages", "backup_keys", "storage_status"]);

test("no released migration was changed: a catalog that has it keeps what it did then", async () => {
  const files = (await readdir(FOLDER)).sort();
  expect(files.slice(0, NAMES.length)).toEqual(NAMES.map((name) => `${name}.ts`));
  for (const name of NAMES) expect(createHash("sha256").update(await readFile(join(FOLDER, `${name}.ts`))).digest("hex"), `${name} was released: put it back, and write another migration`).toBe(RELEASED[name]);
});

describe.each(["sqlite", "postgresql"] as const)("a catalog on %s", (dialect) => {
  test("of any released version, with all that it can hold, is brought up to date and loses nothing", async () => {
    await using stack = new AsyncDisposableStack();
    const place = await newPlace(dialect, stack);
    for (const [index, name] of NAMES.entries()) {
      const before = await withCatalog(place.url, async (db) => {
        for (const row of ROWS_OF[name] ?? []) await sql.raw(row).execute(db);
        return counted(db);
      }, name);
      if (dialect === "postgresql" && index % 8 !== 0 && name !== NAMES.at(-1)) continue; // a copy takes a second there
      await withCatalog(await place.copy(name), async (db) => {
        const after = await counted(db);
        for (const [table, rows] of before) if (!REFILLED.has(table)) expect([table, after.get(table)], `from ${name}`).toEqual([table, rows]);
        expect(await readAll(db), `from ${name}`).toEqual({ accounts: ["ann@example.org", "bob@example.org"], databases: ["shop", "blog"], backups: [4, 4], copies: [1, 2, 3, 4], notices: 2 });
      });
    }
  }, 180_000);

  test("whose migration fails half-way stays as it was", async () => {
    await using stack = new AsyncDisposableStack();
    const { url } = await newPlace(dialect, stack);
    await withCatalog(url, async (db) => {
      await sql.raw("create table checks (in_the_way integer)").execute(db); // 0005 makes one, after 0003 and 0004 have come through
    }, "0002-giving-up");
    await expect(openCatalog(url)).rejects.toThrow(/^the catalog cannot be opened: .*checks.* already exists/);
    await withCatalog(url, async (db) => {
      expect((await counted(db)).has("channels")).toBe(false);
      await sql.raw("drop table checks").execute(db);
    }, "0002-giving-up");
    await withCatalog(url, async (db) => expect((await counted(db)).has("channels")).toBe(true));
  });

  test("that a newer version has migrated is refused, and left alone", async () => {
    await using stack = new AsyncDisposableStack();
    const { url } = await newPlace(dialect, stack);
    const before = await withCatalog(url, async (db) => {
      await sql.raw("insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')").execute(db);
      return counted(db);
    });
    await expect(openCatalog(url)).rejects.toMatchObject({ message: expect.stringMatching(/^the catalog belongs to a newer SafeBase: it has 9999-later, and this version knows up to \d{4}-/), hint: expect.stringContaining("a later one") });
    expect(before.size).toBeGreaterThan(20);
  });

  test.each([["is empty", undefined], ["is old", "0008-sessions-ended"]])("that %s is migrated by one of those that start at once, and opened by all", async (_how, old) => {
    await using stack = new AsyncDisposableStack();
    const { url } = await newPlace(dialect, stack);
    if (old !== undefined) await withCatalog(url, async () => {}, old);
    expect(await (dialect === "sqlite" ? openedInProcesses(url, 2) : openedTogether(url, 3))).toEqual(dialect === "sqlite" ? ["opened", "opened"] : ["opened", "opened", "opened"]);
    const ran = await withCatalog(url, async (db) => (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)).rows.map(({ name }) => name));
    expect(ran.slice(0, NAMES.length)).toEqual(NAMES);
  });
});

interface Place { readonly url: string; copy(name: string): Promise<string> }

/** An empty catalog, and copies of it as it is. */
async function newPlace(dialect: CatalogDialect, stack: AsyncDisposableStack): Promise<Place> {
  if (dialect === "sqlite") {
    const { path } = stack.use(await tempDir("released"));
    const copy = async (name: string): Promise<string> => {
      await copyFile(join(path, "catalog.db"), join(path, `${name}.db`));
      return `sqlite:${join(path, `${name}.db`)}`;
    };
    return { url: `sqlite:${join(path, "catalog.db")}`, copy };
  }
  const database = stack.use(await freshDatabase(inject("postgres"), "released"));
  await database.connection[Symbol.asyncDispose](); // a template is used by nobody
  return { url: urlOf(database, database.db_name), copy: (name) => copyDatabase(database, `${database.db_name}_${name}`, stack) };
}

async function copyDatabase(from: TestDatabase, db_name: string, stack: AsyncDisposableStack): Promise<string> {
  const [source, copy] = [from.db_name, db_name].map((each) => quoteName("postgresql", each));
  const admin = async (statement: string): Promise<void> => {
    await using connection = await connect(inject("postgres"));
    await connection.query(statement);
  };
  await admin(`CREATE DATABASE ${copy} TEMPLATE ${source}`);
  stack.defer(() => admin(`DROP DATABASE ${copy} WITH (FORCE)`));
  return urlOf(from, db_name);
}

function urlOf({ username, password, host, port }: TestDatabase, db_name: string): string {
  return `postgres://${username}:${password}@${host}:${port}/${db_name}`;
}

async function withCatalog<T>(url: string, act: (db: Db) => Promise<T>, to?: string): Promise<T> {
  await using catalog = await openCatalog(url, to);
  return await act(catalog.db);
}

/** How many rows each table has. */
async function counted(db: Db): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { name } of await db.introspection.getTables()) {
    const { rows } = await sql<{ count: number | string }>`select count(*) as count from ${sql.table(name)}`.execute(db);
    counts.set(name, Number(rows[0]?.count));
  }
  return counts;
}

/** As this version reads it. */
async function readAll(db: Db) {
  const { rows, total } = await listBackups(db, "all", {}, { limit: 50, offset: 0 });
  const copies = await db.selectFrom("copies").select("backup_id").where("storage", "=", "local").orderBy("backup_id").execute();
  return {
    accounts: (await listAccounts(db)).map(({ email }) => email), databases: (await listDatabases(db, "all")).map(({ name }) => name), backups: [rows.length, total],
    copies: copies.map(({ backup_id }) => backup_id), notices: (await listNotices(db, "all", {}, { limit: 50, offset: 0 })).total,
  };
}

async function openedTogether(url: string, times: number): Promise<string[]> {
  return Promise.all(Array.from({ length: times }, async () => {
    await using catalog = await openCatalog(url);
    return catalog.dialect === "postgresql" ? "opened" : "?";
  }));
}

/** SQLite's own connections wait for each other without letting anything else go on, so each is in a process of its own. */
async function openedInProcesses(url: string, times: number): Promise<string[]> {
  const script = `import { openCatalog } from ${JSON.stringify(join(import.meta.dirname, "open.ts"))};
    console.log("ready");
    for await (const _ of process.stdin) break;
    const catalog = await openCatalog(process.argv[1]);
    await catalog[Symbol.asyncDispose]();
    console.error("opened");
    process.exit(0);`;
  const children = Array.from({ length: times }, () => spawn(process.execPath, ["--input-type=module", "--eval", script, url], { stdio: ["pipe", "pipe", "pipe"] }));
  const answers = children.map((child) => text(child.stderr));
  await Promise.all(children.map((child) => once(child.stdout, "data")));
  for (const child of children) child.stdin.end("go");
  return (await Promise.all(answers)).map((answer) => answer.trim());
}
