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

  it("says which part of a config is wrong", () => {
    expect(() => parseStorageConfig({ type: "floppy", id: "x" })).toThrow("unsupported storage type: floppy");
    expect(() => parseStorageConfig({ type: "local", id: "x", root: "data" })).toThrow(/absolute path[\s\S]*root/);
    expect(() => parseStorageConfig({ type: "local", id: "x", root: "/data", bucket: "b" })).toThrow(/bucket/);
    expect(() => parseStorageConfig(null)).toThrow("unsupported storage type: undefined");
  });
});

async function* one(): AsyncGenerator<Uint8Array> { yield Uint8Array.of(1); }
