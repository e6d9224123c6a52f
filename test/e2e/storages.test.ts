import { watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { s3Missing, startS3, startSshd, tempDir, until, type S3Server, type SftpServer } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Shown } from "../client.ts";
import { filledDatabase, look, dropLater, startSystem, type System } from "./system.ts";

type Stored = Shown & { readonly copies: readonly { storage: string; state: string; detail: string | null }[]; readonly encrypted: boolean };

const missing = s3Missing("moto");
if (missing !== undefined) {
  console.warn(`skipped: ${missing}`);
  test.skip(missing);
} else describe("a bucket and an SFTP server, over the API", () => {
  let stack: AsyncDisposableStack, system: System, s3: S3Server, sshd: SftpServer, temporaries: string;
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    [s3, sshd] = await Promise.all([startS3("moto"), startSshd()]);
    stack.use(s3);
    stack.use(sshd);
    temporaries = stack.use(await tempDir("temporaries")).path;
    system = stack.use(await startSystem({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1", TMPDIR: temporaries }));
    await s3.makeBucket("safebase-e2e");
  });
  afterAll(() => stack.disposeAsync());

  const bucket = (changes: object = {}) => {
    const { endpoint, access_key_id, secret_access_key } = s3;
    return { type: "s3", endpoint, bucket: "safebase-e2e", prefix: "team/backups", access_key_id, secret_access_key, ...changes };
  };
  const folder = () => {
    const { host, port, username, password, private_key, host_fingerprint, root } = sshd;
    return { type: "sftp", host, port, username, host_fingerprint, root, ...(password === undefined ? {} : { password }), ...(private_key === undefined ? {} : { private_key }) };
  };
  const stored = (id: number): Promise<Stored> => system.admin.backup(id) as Promise<Stored>;

  test("what is wrong with a storage is said before anything is stored there", async () => {
    const tried = async (config: object): Promise<unknown> => (await system.admin.ask("POST", "/api/storages/test", { config })).body;
    expect(await tried(bucket())).toMatchObject({ ok: true, steps: [{ step: "write" }, { step: "read" }, { step: "list" }, { step: "delete" }] });
    expect(await tried(folder())).toMatchObject({ ok: true });
    const wrong: [object, RegExp][] = [
      [bucket({ bucket: "no-such-bucket" }), /no-such-bucket/], [bucket({ endpoint: "http://127.0.0.1:1" }), /refuses connections/],
      [bucket({ endpoint: system.url }), /S3/], [{ ...folder(), host_fingerprint: `SHA256:${"A".repeat(43)}` }, /fingerprint|key/],
    ];
    for (const [config, sentence] of wrong) expect(await tried(config), JSON.stringify(config)).toMatchObject({ ok: false, error: expect.stringMatching(sentence) });
    expect(JSON.stringify(await tried(bucket({ bucket: "no-such-bucket" })))).not.toContain(s3.secret_access_key);
  });

  test("one dump goes to both, encrypted to the bucket's key; each copy alone restores", async () => {
    const postgres = inject("postgres");
    await using source = await filledDatabase(postgres, system.admin, "places");
    const { key } = await system.admin.call<{ key: { id: number; recipient: string } }>("POST", "/api/keys", { name: "offsite", generate: true });
    await system.admin.call("POST", "/api/storages", { name: "bucket", config: bucket({ storage_class: "STANDARD_IA" }), encryption_key_id: key.id });
    await system.admin.call("POST", "/api/storages", { name: "sftp", config: folder() });
    const backup = await system.admin.backedUp(source.id, { storages: ["bucket", "sftp"] });
    expect(await stored(backup.id)).toMatchObject({ encrypted: true, recipients: [key.recipient], copies: [{ storage: "bucket", state: "good" }, { storage: "sftp", state: "good" }] });
    expect((await system.artifacts()).filter((name) => name.includes("places"))).toEqual([]);
    const { bytes, storage_class } = await s3.object("safebase-e2e", `team/backups/${backup.filepath}`);
    expect(storage_class).toBe("STANDARD_IA");
    expect(Buffer.from(bytes).subarray(0, 21).toString()).toBe("age-encryption.org/v1");
    const download = await system.admin.fetch("GET", `/api/backups/${backup.id}/download?as=sql`);
    expect(await download.text()).toContain("CREATE TABLE");
    const { id } = await system.admin.check(backup.id);
    expect(await system.admin.ended("check", id)).toMatchObject({ status: "completed", result: "good", copies: [{ state: "good" }, { state: "good" }] });

    await using _dropped = dropLater(postgres, "from_sftp");
    await system.admin.call("DELETE", `/api/backups/${backup.id}/copies/bucket`);
    await until("one copy to be left", async () => (await stored(backup.id)).copies.length === 1);
    await system.admin.restored(backup.id, "from_sftp", { target: { db_name: "from_sftp" } });
    expect(await look(postgres, "from_sftp")).toEqual(await look(postgres, source.db_name));
    await system.admin.call("POST", `/api/backups/${backup.id}/copies`, { storage: "bucket" });
    await until("the bucket to have it again", async () => (await stored(backup.id)).copies.every(({ state }) => state === "good") && (await stored(backup.id)).copies.length === 2, { timeout_ms: 30_000 });

    await system.admin.call("DELETE", `/api/backups/${backup.id}`);
    const inFolder = async (): Promise<string[]> => (await readdir(sshd.dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
    await until("nothing to be left", async () => ![...await s3.keys("safebase-e2e"), ...await inFolder()].some((name) => name.includes("places")), { timeout_ms: 30_000 });
  });

  test("a catalog in another place takes up what lies in the bucket", async () => {
    const postgres = inject("postgres");
    await using source = await filledDatabase(postgres, system.admin, "moved");
    await system.admin.backedUp(source.id, { storages: ["bucket"] });
    const { recovery } = await system.admin.call<{ recovery: { places: { name: string }[] } }>("GET", "/api/recovery");
    expect(recovery.places.map(({ name }) => name)).toEqual(["local", "bucket", "sftp"]);
    await using other = await startSystem({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1" });
    const { storage } = await other.admin.call<{ storage: { id: number } }>("POST", "/api/storages", { name: "the-same", config: bucket() });
    const { scan } = await other.admin.call<{ scan: { id: number } }>("POST", `/api/storages/${storage.id}/scan`, {});
    const done = await until("the scan", async () => {
      const now = await other.admin.call<{ scan: { status: string } }>("GET", `/api/storages/${storage.id}/scans/${scan.id}`);
      return now.scan.status !== "running" && now.scan;
    });
    expect(done).toMatchObject({ status: "completed", adopted: { backups: 1, databases: 1, copies: 0 }, left_out: 0 });
  });

  test("a large part waits in the executor's own folder, not in the machine's for temporaries, which may be small", async () => {
    await using source = await filledDatabase(inject("postgres"), system.admin, "parts", 5);
    await system.admin.call("POST", "/api/storages", { name: "large-parts", config: bucket({ part_size_mib: 13 }) });
    const work = join(system.data_dir, "executor/work");
    const [own = ""] = await readdir(work);
    await using watchers = new AsyncDisposableStack();
    const namesIn = (dir: string): string[] => {
      const seen: string[] = [];
      const watcher = watch(dir, (_, name) => seen.push(name ?? ""));
      watchers.defer(() => watcher.close());
      return seen;
    };
    const [waiting, others] = [namesIn(join(work, own)), namesIn(temporaries)];
    await system.admin.backedUp(source.id, { storages: ["large-parts"] });
    await until("a part to have been seen", () => waiting.some((name) => name.startsWith("safebase-part-")));
    expect(others.filter((name) => name.startsWith("safebase-part-"))).toEqual([]);
  });
});
