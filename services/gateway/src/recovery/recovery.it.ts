import { execFile } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { subjects } from "@safebase/contracts";
import { Secrets } from "@safebase/runtime";
import { StoragePool, type Storage } from "@safebase/storage";
import { freshDatabase, tempDir, until, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openCatalog } from "../catalog/open.ts";
import { startTestGateway, type TestGateway } from "../http/gateway-fixture.ts";
import { PASSWORD } from "../http/app-fixture.ts";
import { valueOf } from "../metrics/page-fixture.ts";
import { catalogKey, pruneCatalogCopies } from "./copies.ts";

const run = promisify(execFile);

describe("the backup of the catalog, and the kit", () => {
  let gateway: TestGateway, admin: string, user: string;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = await gateway.account("admin@example.org");
    user = await gateway.account("user@example.org");
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test("the kit and a copy open everything again", async () => {
    const id = await gateway.database(user, { name: "Kept", password: "s3cret-word" });
    const made = await gateway.call("POST", "/api/recovery/backup", { token: admin });
    expect(made).toMatchObject({ status: 200, body: { catalog_backup: { storages: [{ storage: "local", ok: true, error: null }], key: expect.stringMatching(/^catalog\/.*\.sqlite\.zst\.age$/) } } });
    const kit = await gateway.call("POST", "/api/recovery/kit", { token: admin, json: { password: PASSWORD } });
    expect(kit).toMatchObject({ status: 200, text: expect.stringContaining(`storage local (local): ${gateway.artifacts_dir}`) });
    expect(kit.headers.get("cache-control")).toBe("no-store");
    const stored = await readFile(join(gateway.artifacts_dir, made.body.catalog_backup.key as string));
    expect(stored.subarray(0, 21).toString()).toBe("age-encryption.org/v1");
    await using dir = await tempDir("recovered");
    await writeFile(join(dir.path, "kit.txt"), kit.text);
    await writeFile(join(dir.path, "copy.age"), stored);
    await run("bash", ["-euo", "pipefail", "-c", "age --decrypt --identity kit.txt copy.age | zstd -d > catalog.db"], { cwd: dir.path });
    const catalog = await openCatalog(`sqlite:${join(dir.path, "catalog.db")}`);
    const database = await catalog.db.selectFrom("databases").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    await catalog[Symbol.asyncDispose]();
    const key = /^# master key: ([0-9a-f]{64})$/m.exec(kit.text)?.[1] ?? "";
    expect(new Secrets(Buffer.from(key, "hex")).open(database.password_sealed ?? "", "connection")).toBe("s3cret-word");
    expect(await readdir(join(gateway.settings["SAFEBASE_DATA_DIR"] ?? "", "recovery"))).toEqual([]); // nothing in the clear stays
    const page = (await gateway.call("GET", "/metrics")).text;
    expect(valueOf(page, 'safebase_storage_transferred_bytes_total{storage="local",operation="put"}')).toBe(stored.length);
  });

  test("is for admins, and the kit for those who know their password", async () => {
    for (const [method, path, json] of [["GET", "/api/recovery", undefined], ["POST", "/api/recovery/backup", undefined], ["POST", "/api/recovery/kit", { password: PASSWORD }]] as const) {
      expect(await gateway.call(method, path, { token: user, json })).toMatchObject({ status: 403 });
    }
    expect(await gateway.call("POST", "/api/recovery/kit", { token: admin, json: { password: "wrong words here" } })).toMatchObject({ status: 403, body: { error: "the password is wrong" } });
    const { entries } = (await gateway.call("GET", "/api/audit?scope=all", { token: admin })).body as { entries: { action: string; outcome: string }[] };
    expect(entries.filter(({ action }) => action === "recovery.kit").map(({ outcome }) => outcome)).toEqual(["refused", "ok"]) // the newest first;
    expect(JSON.stringify(entries)).not.toContain("AGE-SECRET-KEY");
  });

  test("one that cannot be stored is told, and keeps its place in the status", async () => {
    const folder = join(gateway.artifacts_dir, "catalog");
    await rm(folder, { recursive: true });
    await writeFile(folder, "a file is in the way");
    expect(await gateway.call("POST", "/api/recovery/backup", { token: admin })).toMatchObject({ status: 503, body: { code: "storage_failed", error: expect.stringMatching(/^the catalog could not be backed up: /) } });
    const { notices } = (await gateway.call("GET", "/api/notices?scope=all", { token: admin })).body as { notices: { kind: string }[] };
    expect(notices.map(({ kind }) => kind)).toContain("catalog_backup_failed");
    expect((await gateway.call("GET", "/api/recovery", { token: admin })).body.recovery).toMatchObject({ recipient: expect.stringMatching(/^age1/), last_backup: { storages: [{ ok: false }] } });
    await rm(folder);
  });

  test("the daily tick makes one", async () => {
    const at = new Date().toISOString();
    await gateway.bus.publish(subjects.tick("catalog_backup"), { name: "catalog_backup", planned_at: at }, { signal: AbortSignal.timeout(10_000) });
    await until("a copy of the catalog", async () => (await readdir(join(gateway.artifacts_dir, "catalog")).catch(() => [])).length === 1);
  });
});

test("a catalog in PostgreSQL comes back from its copy", async () => {
  await using database = await freshDatabase(inject("postgres"), "catalog");
  await using restored = await freshDatabase(inject("postgres"), "recovered");
  const urlOf = ({ username, password, host, port, db_name }: TestDatabase): string => `postgres://${username}:${password}@${host}:${port}/${db_name}`;
  await using gateway = await startTestGateway({ SAFEBASE_CATALOG_URL: urlOf(database) });
  const admin = await gateway.account("admin@example.org");
  const { catalog_backup } = (await gateway.call("POST", "/api/recovery/backup", { token: admin })).body;
  await using dir = await tempDir("recovered");
  await writeFile(join(dir.path, "kit.txt"), (await gateway.call("POST", "/api/recovery/kit", { token: admin, json: { password: PASSWORD } })).text);
  const [copy, command] = [join(gateway.artifacts_dir, catalog_backup.key as string), 'age --decrypt --identity kit.txt "$1" | zstd -d | pg_restore --no-owner --exit-on-error --dbname="$2"'];
  await run("bash", ["-euo", "pipefail", "-c", command, "-", copy, urlOf(restored)], { cwd: dir.path });
  await using catalog = await openCatalog(urlOf(restored));
  expect(await catalog.db.selectFrom("users").select("email").execute()).toEqual([{ email: "admin@example.org" }]);
});

test("two weeks of copies stay, and what is none of them", async () => {
  await using dir = await tempDir("copies");
  const storage: Storage = await new StoragePool({ local_root: dir.path, unseal: (sealed) => sealed }).open({ name: "local", config_sealed: null });
  await mkdir(join(dir.path, "catalog"));
  const keys = Array.from({ length: 20 }, (_, day) => catalogKey(new Date(Date.UTC(2026, 0, 1 + day)), ".sqlite.zst"));
  for (const key of [...keys, "catalog/mine.txt"]) await writeFile(join(dir.path, key), "x");
  await pruneCatalogCopies(storage);
  const left = (await Array.fromAsync(storage.list("catalog/"))).map(({ key }) => key);
  expect(left).toEqual(["catalog/mine.txt", ...keys.slice(-14)]);
});
