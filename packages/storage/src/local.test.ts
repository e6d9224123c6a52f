import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { storageContract } from "./contract-suite.ts";
import type { StorageUnderTest } from "./contract-suite.ts";
import { openStorage, parseStorageConfig } from "./index.ts";

const run = promisify(execFile);

async function openIn(root: string, close: () => Promise<void>): Promise<StorageUnderTest> {
  return {
    storage: await openStorage({ type: "local", id: "test", root }),
    async names() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
    },
    async leaveTemp(key) {
      await mkdir(dirname(join(root, key)), { recursive: true });
      await writeFile(join(root, dirname(key), ".tmp-died"), "half");
    },
    close,
  };
}

const tempRoot = (): Promise<string> => mkdtemp(join(tmpdir(), "safebase-storage-"));

storageContract("local", {
  async open() {
    const root = await tempRoot();
    return openIn(root, () => rm(root, { recursive: true }));
  },
  async openSmall() {
    const root = await tempRoot();
    try {
      await run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", root]);
    } catch (error) {
      await rm(root, { recursive: true });
      return `a full disk needs a tmpfs of its own: ${(error as Error).message}`;
    }
    return openIn(root, async () => { await run("umount", [root]); await rm(root, { recursive: true }); });
  },
});

describe("local storage", () => {
  it("keeps its files to the owner and never follows a link out of the root", async () => {
    const top = await tempRoot();
    await using _cleanup = { [Symbol.asyncDispose]: () => rm(top, { recursive: true }) };
    const storage = await openStorage({ type: "local", id: "test", root: join(top, "deep/root") });
    await storage.put("a/b", one());
    for (const folder of ["deep/root", "deep/root/a"]) expect((await stat(join(top, folder))).mode & 0o777).toBe(0o700);
    expect((await stat(join(top, "deep/root/a/b"))).mode & 0o777).toBe(0o600);
    await writeFile(join(top, "secret"), "secret");
    await symlink(join(top, "secret"), join(top, "deep/root/link"));
    await expect(storage.get("link")).rejects.toMatchObject({ code: "artifact_missing" });
    expect((await Array.fromAsync(storage.list(""))).map((entry) => entry.key)).toEqual(["a/b"]);
  });

  it("leaves its reserve to others: neither begins a put nor goes on with one that takes it", async (context) => {
    const root = await tempRoot();
    try {
      await run("mount", ["-t", "tmpfs", "-o", "size=96m", "tmpfs", root]);
    } catch (error) {
      await rm(root, { recursive: true });
      console.warn("skipped: a disk of 96 MB needs a tmpfs of its own");
      context.skip(String(error));
    }
    await using _cleanup = { [Symbol.asyncDispose]: async () => { await run("umount", [root]); await rm(root, { recursive: true }); } };
    const storage = await openStorage({ type: "local", id: "test", root, reserve_mib: 40 });
    await expect(storage.put("large", megabytes(80))).rejects.toMatchObject({ code: "storage_full", message: expect.stringMatching(/has only \d+ MiB left/) });
    expect(await readdir(root)).toEqual([]);
    await storage.put("small", megabytes(1));
    await writeFile(join(root, ".tmp-others"), Buffer.alloc(60 * 1024 * 1024));
    await expect(storage.put("another", megabytes(1))).rejects.toMatchObject({ code: "storage_full" });
  });

  it("says what hinders it, as a failure of the storage", async () => {
    const top = await tempRoot();
    await using _cleanup = { [Symbol.asyncDispose]: () => rm(top, { recursive: true }) };
    await writeFile(join(top, "file"), "x");
    await expect(openStorage({ type: "local", id: "test", root: join(top, "file/below") })).rejects.toMatchObject({ code: "storage_failed", message: expect.stringMatching(/cannot make the folder/) });
  });

  it("refuses a folder that is mounted read-only", async (context) => {
    const root = await tempRoot();
    try {
      await run("mount", ["-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", root]);
    } catch (error) {
      await rm(root, { recursive: true });
      console.warn("skipped: a read-only folder needs a tmpfs of its own");
      context.skip(String(error));
    }
    await using _cleanup = { [Symbol.asyncDispose]: async () => { await run("umount", [root]); await rm(root, { recursive: true }); } };
    const storage = await openStorage({ type: "local", id: "test", root });
    for (const key of ["a", "in/a/folder"]) {
      await expect(storage.put(key, one())).rejects.toMatchObject({ code: "storage_refused", message: expect.stringMatching(/it is mounted read-only/), hint: expect.stringMatching(/writ/) });
    }
  });

  it("makes no folder where none can be, and does not try for ever", async () => {
    await expect(openStorage({ type: "local", id: "test", root: "/proc/safebase/backups" })).rejects.toMatchObject({ code: "storage_failed", message: expect.stringMatching(/cannot make the folder/) });
  });

  it("refuses a folder that it may not write", async (context) => {
    const root = await tempRoot();
    try {
      await run("chattr", ["+i", root]); // binds root as well, who may write whatever the modes say
    } catch (error) {
      await rm(root, { recursive: true });
      console.warn("skipped: a folder that even root may not write needs chattr +i");
      context.skip(String(error));
    }
    await using _cleanup = { [Symbol.asyncDispose]: async () => { await run("chattr", ["-i", root]); await rm(root, { recursive: true }); } };
    const refused = { code: "storage_refused", message: expect.stringMatching(/it is not permitted/), hint: expect.stringMatching(/writ/) };
    await expect((await openStorage({ type: "local", id: "test", root })).put("a", one())).rejects.toMatchObject(refused);
    await expect(openStorage({ type: "local", id: "test", root: join(root, "below") })).rejects.toMatchObject(refused);
  });

  it("says which part of a config is wrong", () => {
    expect(() => parseStorageConfig({ type: "floppy", id: "x" })).toThrow("unsupported storage type: floppy");
    expect(() => parseStorageConfig({ type: "local", id: "x", root: "data" })).toThrow("root: must be an absolute path");
    expect(() => parseStorageConfig({ type: "local", id: "x", root: "/data", bucket: "b" })).toThrow(/bucket/);
    const s3 = { type: "s3", id: "x", bucket: "backups", access_key_id: "a", secret_access_key: "very-secret" };
    expect(() => parseStorageConfig({ ...s3, endpoint: "s3.example.com" })).toThrow("endpoint: must be an address like https://");
    expect(() => parseStorageConfig({ ...s3, lock_mode: "governance" })).toThrow("lock_days: must say for how many days");
    expect(() => parseStorageConfig({ ...s3, kms_key_id: "k" })).toThrow("kms_key_id: must come with encryption: aws:kms");
    expect(() => parseStorageConfig({ ...s3, prefix: "a/../b" })).toThrow("prefix: must be a path without");
    expect(parseStorageConfig({ ...s3, prefix: "a/b/" })).toMatchObject({ region: "us-east-1", prefix: "a/b", timeout_s: 60 });
    const sftp = { type: "sftp", id: "x", host: "h", username: "u", root: "backups", host_fingerprint: `SHA256:${"A".repeat(43)}` };
    expect(() => parseStorageConfig(sftp)).toThrow("password: is needed, or a private_key");
    expect(() => parseStorageConfig({ ...sftp, password: "p", host_fingerprint: undefined })).toThrow("host_fingerprint:");
    expect(() => parseStorageConfig(null)).toThrow("unsupported storage type: undefined");
  });
});

async function* megabytes(count: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < count; done++) yield Buffer.alloc(1024 * 1024);
}
async function* one(): AsyncGenerator<Uint8Array> { yield Uint8Array.of(1); }
