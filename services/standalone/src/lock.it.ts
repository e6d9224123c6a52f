import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tempDir, until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { lockDataDir } from "./lock.ts";

const LOCK = new URL("./lock.ts", import.meta.url).href;

describe("the lock of a data folder", () => {
  it("refuses a second, until the first has let go", async () => {
    await using dir = await tempDir("lock");
    const first = await lockDataDir(dir.path);
    await expect(lockDataDir(dir.path)).rejects.toMatchObject({ code: "conflict", message: `SafeBase is already running on ${dir.path}` });
    await first[Symbol.asyncDispose]();
    await (await lockDataDir(dir.path))[Symbol.asyncDispose]();
  });

  it("does not keep folders from each other", async () => {
    await using one = await tempDir("lock");
    await using other = await tempDir("lock");
    await using _first = await lockDataDir(one.path);
    await using _second = await lockDataDir(other.path);
  });

  it("is free at once when its holder is killed", async () => {
    await using dir = await tempDir("lock");
    const script = `import { lockDataDir } from ${JSON.stringify(LOCK)}; await lockDataDir(${JSON.stringify(dir.path)}); console.log("held"); setInterval(() => {}, 1000)`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    await expect(lockDataDir(dir.path)).rejects.toMatchObject({ code: "conflict" });
    holder.kill("SIGKILL");
    await using _lock = await lockDataDir(dir.path);
  });

  it("says so when the folder cannot be made", async () => {
    await using dir = await tempDir("lock");
    await writeFile(join(dir.path, "file"), "");
    const path = join(dir.path, "file", "data");
    await expect(lockDataDir(path)).rejects.toMatchObject({ message: `the data folder ${path} cannot be made` });
  });

  it("leaves no process behind", async () => {
    await using dir = await tempDir("lock");
    const children = (): Promise<string> => readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
    const before = await children();
    const lock = await lockDataDir(dir.path);
    expect(await children()).not.toBe(before);
    await lock[Symbol.asyncDispose]();
    await until("the same children as before", async () => (await children()) === before);
  });
});
