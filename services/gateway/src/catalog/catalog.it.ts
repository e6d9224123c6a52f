import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freshDatabase, tempDir, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { catalogContract } from "./contract-suite.ts";
import { openCatalog } from "./open.ts";

const run = promisify(execFile);
const OPEN = new URL("./open.ts", import.meta.url).href;

/** Opens a catalog in a process of its own and prints how many migrations it then has. */
async function openElsewhere(url: string): Promise<string> {
  const program = `
    const { openCatalog } = await import(${JSON.stringify(OPEN)});
    await using catalog = await openCatalog(process.env.URL_UNDER_TEST);
    const rows = await catalog.db.selectFrom("kysely_migration").select("name").execute();
    console.log(rows.length);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { env: { ...process.env, URL_UNDER_TEST: url } });
  return stdout.trim();
}

const startsTogether = (url: () => string) => test("gateways that start together on an empty catalog migrate it once", async () => {
  const migrations = await readdir(new URL("./migrations", import.meta.url));
  expect(await Promise.all([1, 2, 3].map(() => openElsewhere(url())))).toEqual(Array(3).fill(String(migrations.length)));
});

describe("SQLite", () => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  beforeAll(async () => { dir = await tempDir("catalog"); });
  afterAll(() => dir[Symbol.asyncDispose]());

  startsTogether(() => `sqlite:${dir.path}/together/catalog.db`);

  test("the file and its folder are for their owner alone; what is written is synced", async () => {
    const path = join(dir.path, "private/catalog.db");
    await using catalog = await openCatalog(`sqlite:${path}`);
    await catalog.db.insertInto("revoked_tokens").values({ jti: "x", expires_at: "2026-01-01T00:00:00.000Z" }).execute();
    expect((await stat(join(dir.path, "private"))).mode & 0o777).toBe(0o700);
    for (const name of [path, `${path}-wal`, `${path}-shm`]) expect((await stat(name)).mode & 0o777).toBe(0o600);
  });

  catalogContract(() => openCatalog(`sqlite:${dir.path}/contract/catalog.db`));
});

describe("PostgreSQL", () => {
  let database: TestDatabase, empty: TestDatabase;
  const urlOf = ({ host, port, username, password, db_name }: TestDatabase): string => `postgres://${username}:${password}@${host}:${port}/${db_name}`;
  beforeAll(async () => {
    database = await freshDatabase(inject("postgres"), "catalog");
    empty = await freshDatabase(inject("postgres"), "catalog");
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await empty[Symbol.asyncDispose]();
  });

  startsTogether(() => urlOf(empty));

  catalogContract(() => openCatalog(urlOf(database)));
});

test("a catalog that cannot be reached is refused with a sentence", async () => {
  await expect(openCatalog("postgres://nobody@127.0.0.1:1/none")).rejects.toThrow(/^the catalog cannot be opened: .*127\.0\.0\.1:1/);
});
