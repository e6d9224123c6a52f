import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freshDatabase, tempDir, until, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { BackupDetails } from "../backups/view.ts";
import { startTestGateway, type TestGateway } from "../http/gateway-fixture.ts";
import type { ScanView } from "./view.ts";

const WORDS = { program: "printf", args: ["%s", "the dump"] };

/** What one installation has stored, and what another, with an empty catalog, makes of it. */
describe.each(["sqlite", "postgresql"])("scans, with a catalog in %s", (dialect) => {
  let stack: AsyncDisposableStack, first: TestGateway, second: TestGateway, owner: string, admin: string, user: string;
  let made: BackupDetails[];
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    first = stack.use(await startTestGateway());
    owner = await first.account("owner@example.org");
    const [shop, other] = [await first.database(owner), await first.database(owner, { name: "Other", type: "mariadb" })];
    made = [await first.backup(owner, shop, [WORDS]), await first.backup(owner, other, [WORDS], { format: "sql" }), await first.backup(owner, shop, [WORDS])];
    const settings: Record<string, string> = {};
    if (dialect === "postgresql") settings["SAFEBASE_CATALOG_URL"] = urlOf(stack.use(await freshDatabase(inject("postgres"), "scans")));
    second = stack.use(await startTestGateway(settings));
    admin = await second.account("admin@example.org");
    user = await second.account("user@example.org");
    await cp(first.artifacts_dir, second.artifacts_dir, { recursive: true });
  });
  afterAll(() => stack.disposeAsync());

  const local = async (): Promise<number> => (await storages()).find(({ name }) => name === "local")?.id ?? 0;
  const storages = async () => (await second.call("GET", "/api/storages", { token: admin })).body.storages as { id: number; name: string }[];
  const backups = async () => (await second.call("GET", "/api/backups", { token: admin })).body.backups as BackupDetails[];
  const scan = async (id: number): Promise<ScanView> => {
    const begun = await second.call("POST", `/api/storages/${id}/scan`, { token: admin, json: {} });
    expect(begun).toMatchObject({ status: 202, body: { scan: { status: "running" } } });
    return until("the scan to end", async () => {
      const { scan: now } = (await second.call("GET", `/api/storages/${id}/scans/${begun.body.scan.id}`, { token: admin })).body as { scan: ScanView };
      return now.status !== "running" && now;
    });
  };

  test("an empty catalog gets databases without passwords, backups and copies; once", async () => {
    expect(await scan(await local())).toMatchObject({ status: "completed", artifacts: 3, known: 0, adopted: { backups: 3, copies: 0, databases: 2 }, left_out: 0, problems: [] });
    const { databases } = (await second.call("GET", "/api/databases", { token: admin })).body as { databases: object[] };
    expect(databases).toMatchObject([
      { name: "My shop", type: "postgresql", host: "127.0.0.1", port: 1, username: "u", db_name: "shop" }, { name: "Other", type: "mariadb", db_name: "shop" },
    ]);
    const shown = ({ filename, filepath, size, raw_size, sha256, format, compression, status, server, tool, created_at, copies, type }: BackupDetails) =>
      ({ filename, filepath, size, raw_size, sha256, format, compression, status, server, tool, created_at, type, copies: copies.map(({ storage, state }) => ({ storage, state })) });
    const byFile = (list: readonly BackupDetails[]) => list.map(shown).sort((a, b) => (a.filepath ?? "").localeCompare(b.filepath ?? ""));
    expect(byFile(await backups())).toEqual(byFile(made));
    const [one] = await backups();
    expect(await second.call("GET", `/api/backups/${one?.id}/download`, { token: admin })).toMatchObject({ status: 200 });
    expect(await scan(await local())).toMatchObject({ artifacts: 3, known: 3, adopted: { backups: 0, copies: 0, databases: 0 } });
    expect(await backups()).toHaveLength(3);
  });

  test("artifacts that cannot be taken are named, with why", async () => {
    const folder = join(second.artifacts_dir, "postgresql");
    const manifests = (await readdir(folder)).filter((name) => name.endsWith(".manifest.json")).sort();
    const text = await readFile(join(folder, manifests[0] ?? ""), "utf8");
    const as = (name: string, content: string): Promise<void> => writeFile(join(folder, name), content);
    await as("cut_postgresql_20200101_000000_901.manifest.json", text.slice(0, 100));
    await as("new_postgresql_20200101_000000_902.manifest.json", JSON.stringify({ ...JSON.parse(text) as object, format_version: 99 }));
    await as("moved_postgresql_20200101_000000_903.manifest.json", text);
    await rm(join(folder, (await readdir(folder)).find((name) => !name.endsWith(".json")) ?? ""));
    await mkdir(join(second.artifacts_dir, "catalog"), { recursive: true });
    await writeFile(join(second.artifacts_dir, "catalog", "some.manifest.json"), "not ours");
    const found = await scan(await local());
    expect(found).toMatchObject({ status: "completed", known: 2, left_out: 4 });
    expect(found.problems.map(({ problem }) => problem).sort()).toEqual([
      expect.stringMatching(/^its data is missing/), expect.stringMatching(/is damaged: it is not valid JSON$/),
      expect.stringMatching(/belongs to another artifact$/), expect.stringMatching(/format_version 99.*upgrade SafeBase/),
    ]);
  });

  test("another storage's copies are copies of the same backups; what was deleted stays deleted", async () => {
    const root = stack.use(await tempDir("elsewhere")).path;
    await cp(first.artifacts_dir, root, { recursive: true });
    const created = await second.call("POST", "/api/storages", { token: admin, json: { name: "elsewhere", config: { type: "local", root } } });
    expect(created.status).toBe(201);
    const [gone] = (await backups()).filter(({ type }) => type === "mariadb");
    expect((await second.call("DELETE", `/api/backups/${gone?.id}`, { token: admin })).status).toBe(200);
    const found = await scan(created.body.storage.id as number);
    expect(found).toMatchObject({ known: 0, adopted: { backups: 0, copies: 2, databases: 0 }, left_out: 1, problems: [{ problem: expect.stringContaining("was deleted") }] });
    for (const { copies } of await backups()) expect(copies.map(({ storage }) => storage)).toEqual(["local", "elsewhere"]);
  });

  test("is for whom the storage is; a common one's is an admin's", async () => {
    const id = await local();
    expect(await second.call("POST", `/api/storages/${id}/scan`, { token: user, json: {} })).toMatchObject({ status: 403 });
    expect(await second.call("GET", `/api/storages/${id}/scans`, { token: user })).toMatchObject({ status: 403 });
    const elsewhere = (await storages()).find(({ name }) => name === "elsewhere")?.id;
    for (const path of ["scan", "scans", "scans/1"]) {
      expect(await second.call(path === "scan" ? "POST" : "GET", `/api/storages/${elsewhere}/${path}`, { token: user, ...(path === "scan" ? { json: {} } : {}) })).toMatchObject({ status: 404 });
    }
    expect((await second.call("GET", `/api/storages/${id}/scans`, { token: admin })).body.scans).toHaveLength(3);
  });

  test("one that cannot read the storage fails, and says why", async () => {
    const root = stack.use(await tempDir("broken")).path;
    const { body } = await second.call("POST", "/api/storages", { token: admin, json: { name: "broken", config: { type: "local", root: join(root, "in", "it") } } });
    await writeFile(join(root, "in"), "a file is in the way");
    expect(await scan(body.storage.id as number)).toMatchObject({ status: "failed", artifacts: 0, error_msg: expect.any(String), error_code: expect.stringMatching(/^storage_/) });
  });
});

function urlOf({ username, password, host, port, db_name }: TestDatabase): string {
  return `postgres://${username}:${password}@${host}:${port}/${db_name}`;
}
