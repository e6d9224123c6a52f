import { rcloneMissing, startRcloneSftp, startSshd } from "@safebase/testing";
import type { SftpServer } from "@safebase/testing";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storageContract } from "../contract-suite.ts";
import { openStorage } from "../index.ts";
import { configOf, openFolder } from "./testing.ts";

const run = promisify(execFile);

describe("OpenSSH, by key", () => {
  let server: SftpServer;
  beforeAll(async () => { server = await startSshd(); });
  afterAll(async () => { await server[Symbol.asyncDispose](); });

  storageContract("sftp", {
    open: () => openFolder(server),
    async openSmall() {
      const dir = join(server.dir, "small");
      await mkdir(dir);
      try {
        await run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir]);
      } catch (error) {
        await rm(dir, { recursive: true });
        return `a full disk needs a tmpfs of its own: ${(error as Error).message}`;
      }
      const under = await openFolder(server, "small");
      return { ...under, close: async () => { await run("umount", [dir]); await rm(dir, { recursive: true }); } };
    },
  });

  it("talks only to the server whose key is pinned, and says which key it saw", async () => {
    const other = await openStorage(configOf(server, "x", { host_fingerprint: `SHA256:${"A".repeat(43)}` }));
    await expect(other.stat("a")).rejects.toMatchObject({ code: "storage_refused", message: expect.stringContaining(server.host_fingerprint) });
  });

  it("says what is wrong with the way in", async () => {
    const stranger = await openStorage(configOf(server, "x", { username: "stranger" }));
    await expect(stranger.stat("a")).rejects.toMatchObject({ code: "storage_refused", message: expect.stringMatching(/does not accept this user/) });
    const unreadable = await openStorage(configOf(server, "x", { private_key: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----" }));
    await expect(unreadable.stat("a")).rejects.toMatchObject({ code: "storage_refused", message: expect.stringMatching(/private key cannot be read/) });
    const nobody = await openStorage(configOf(server, "x", { port: 1 }));
    await expect(nobody.stat("a")).rejects.toMatchObject({ code: "storage_failed", message: expect.stringMatching(/refuses connections/), hint: expect.stringMatching(/`port`/) });
    const web = createServer((_request, response) => { response.end(); });
    await new Promise<void>((ready) => { web.listen(0, "127.0.0.1", ready); });
    const elsewhere = await openStorage(configOf(server, "x", { port: (web.address() as AddressInfo).port }));
    await expect(elsewhere.stat("a")).rejects.toMatchObject({ message: expect.stringMatching(/answers, but not as an SSH server/), hint: expect.stringMatching(/`port`/) });
    await new Promise((done) => { web.close(done); });
  });

  it.for([
    ["that is mounted read-only", ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs"], ["umount"], /it is mounted read-only on the server/],
    ["that it may not write", ["chattr", "+i"], ["chattr", "-i"], /the server does not permit it/],
  ] as const)("says that it cannot write into a folder %s", async ([, lock, unlock, message], context) => {
    const { storage } = await openFolder(server, "locked");
    const dir = join(server.dir, "locked");
    try {
      await run(lock[0], [...lock.slice(1), dir]);
    } catch (error) {
      console.warn(`skipped: ${lock[0]} is not allowed here`);
      context.skip(String(error));
    }
    await using _unlock = { [Symbol.asyncDispose]: async () => { await run(unlock[0], [...unlock.slice(1), dir]); await rm(dir, { recursive: true }); } };
    const refused = { code: "storage_refused", message: expect.stringMatching(message), hint: expect.stringMatching(/writ/) };
    await expect(storage.put("k", Readable.from([Buffer.from("x")]))).rejects.toMatchObject(refused);
    await expect(storage.put("a/k", Readable.from([Buffer.from("x")]))).rejects.toMatchObject(refused);
  });
});

const missing = rcloneMissing();
if (missing !== undefined) {
  console.warn(`skipped: ${missing}`);
  it.skip(missing);
} else describe("rclone, by password", rcloneTests);

function rcloneTests(): void {
  let server: SftpServer;
  beforeAll(async () => { server = await startRcloneSftp(); });
  afterAll(async () => { await server[Symbol.asyncDispose](); });

  // Not the whole contract: this server makes é of e and an accent, and its rename overwrites, so that only a look protects a key.
  it("does without hard links and fsync: writes, reads, lists, refuses, aborts, deletes", async () => {
    const { storage, names } = await openFolder(server);
    const data = randomBytes(3_000_001);
    expect(await storage.put("a/b", Readable.from([data]))).toEqual({ size_bytes: data.length });
    expect(Buffer.concat(await Array.fromAsync(await storage.get("a/b"))).equals(data)).toBe(true);
    expect(Buffer.concat(await Array.fromAsync(await storage.get("a/b", { offset: 2_999_999, length: 9 }))).equals(data.subarray(2_999_999))).toBe(true);
    await expect(storage.put("a/b", Readable.from([data]))).rejects.toMatchObject({ code: "exists" });
    await expect(storage.put("a/c", broken())).rejects.toThrow("the source broke");
    expect((await Array.fromAsync(storage.list(""))).map(({ key, size_bytes }) => [key, size_bytes])).toEqual([["a/b", data.length]]);
    expect((await storage.space())?.free_bytes).toBeGreaterThan(0);
    await storage.delete("a/b");
    expect(await storage.stat("a/b")).toBeUndefined();
    expect(await names()).toEqual([]);
  });

  it("does not accept another password", async () => {
    const stranger = await openStorage(configOf(server, "x", { password: "another" }));
    await expect(stranger.stat("a")).rejects.toMatchObject({ code: "storage_refused", message: expect.not.stringContaining("another") });
  });
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield randomBytes(200_000);
  throw new Error("the source broke");
}
