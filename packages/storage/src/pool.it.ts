import { SafebaseError } from "@safebase/contracts";
import type { StorageRef } from "@safebase/contracts";
import { startSshd, tempDir } from "@safebase/testing";
import { lookup as resolve } from "node:dns";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { StoragePool } from "./index.ts";
import type { PoolOptions, StorageConfig } from "./index.ts";
import type { Lookup } from "./reach.ts";
import { configOf } from "./sftp/testing.ts";

const KEYS = { access_key_id: "key", secret_access_key: "very-secret" };
const REFUSED = { code: "bad_request", message: "127.0.0.1 is a loopback address" };

/** Only what is not this machine, as the targets of a gateway are by default. */
const elsewhere: Lookup = (host, options, done) => resolve(host, options, (error, address, family) => {
  const first = typeof address === "string" ? address : address[0]?.address;
  if (first?.startsWith("127.") === true) done(new SafebaseError("bad_request", `${first} is a loopback address`), "", 0);
  else done(error, address, family);
});

const refOf = (name: string, config: Omit<StorageConfig, "id"> | object): StorageRef => ({ name, config_sealed: `sealed:${JSON.stringify(config)}` });

function poolIn(dir: string, options: Partial<PoolOptions> = {}): StoragePool {
  return new StoragePool({ local_root: join(dir, "local"), unseal: (sealed) => sealed.replace(/^sealed:/, ""), ...options });
}

describe("the pool of storages", () => {
  it("opens a storage once, and anew when its config has changed", async () => {
    await using dir = await tempDir("pool");
    const pool = poolIn(dir.path);
    const at = (root: string): StorageRef => refOf("nas", { type: "local", id: "another", root: join(dir.path, root) });
    const first = await pool.open(at("a"));
    expect(await pool.open(at("a"))).toBe(first);
    expect(first.id).toBe("nas");
    await first.put("k", Readable.from([Buffer.from("1")]));
    const moved = await pool.open(at("b"));
    expect(await moved.stat("k")).toBeUndefined();
    expect(await pool.open(at("a"))).not.toBe(first);
    expect(await (await pool.open({ name: "local", config_sealed: null })).stat("k")).toBeUndefined();
  });

  it("tries again to open what failed, and says what is wrong without what is secret", async () => {
    await using dir = await tempDir("pool");
    let fails = true;
    const pool = poolIn(dir.path, { unseal: (sealed) => {
      if (fails) throw new SafebaseError("internal", "sealed with another master key");
      return sealed.slice("sealed:".length);
    } });
    const ref = refOf("nas", { type: "local", root: join(dir.path, "a") });
    await expect(pool.open(ref)).rejects.toThrow("another master key");
    fails = false;
    expect((await pool.open(ref)).id).toBe("nas");
    await expect(pool.open({ name: "nas", config_sealed: 'sealed:{"secret_access_key": very-secret' })).rejects.toMatchObject({ code: "storage_refused", message: expect.not.stringContaining("very-secret") });
    await expect(pool.open(refOf("nas", { type: "local", root: "relative" }))).rejects.toMatchObject({ code: "bad_request", message: expect.stringContaining("root: must be an absolute path") });
    await expect(pool.open({ name: "nas", config_sealed: null })).rejects.toMatchObject({ code: "storage_failed" });
  });

  it("counts and logs what its storages do", async () => {
    await using dir = await tempDir("pool");
    const seen: unknown[] = [], warned: unknown[] = [];
    const meters = { duration_seconds: { observe: (labels: object) => { seen.push(labels); } }, bytes: { inc: () => {} } };
    const pool = poolIn(dir.path, { meters, log: { debug: () => {}, warn: (fields) => { warned.push(fields); } } });
    const storage = await pool.open({ name: "local", config_sealed: null });
    await storage.stat("k");
    await mkdir(join(dir.path, "local/k"), { recursive: true });
    await expect(storage.put("k/../x", Readable.from([]))).rejects.toMatchObject({ code: "bad_request" });
    expect(seen).toEqual([{ storage: "local", operation: "stat", outcome: "ok" }, { storage: "local", operation: "put", outcome: "bad_request" }]);
    expect(warned).toHaveLength(1);
  });
});

describe("where the pool's connections may lead", () => {
  it.each(["127.0.0.1", "localhost"])("S3 is not connected to at %s when that is refused, and is when it is not", async (host) => {
    await using dir = await tempDir("pool");
    const calls: (string | undefined)[] = [];
    await using server = await serve((url) => { calls.push(url); return { status: 204 }; });
    const ref = refOf("s3", { type: "s3", endpoint: `http://${host}:${server.port}`, bucket: "backups", ...KEYS });
    const refused = async (): Promise<unknown> => (await poolIn(dir.path, { lookup: elsewhere }).open(ref)).delete("k");
    await expect(refused()).rejects.toMatchObject(REFUSED);
    expect(calls).toEqual([]);
    await (await poolIn(dir.path).open(ref)).delete("k");
    expect(calls).toHaveLength(1);
  });

  it.each([301, 302, 307, 308])("S3 follows no redirect (%i) to another server", async (status) => {
    await using dir = await tempDir("pool");
    const calls: (string | undefined)[] = [];
    await using inside = await serve((url) => { calls.push(url); return { status: 200 }; });
    await using outside = await serve(() => ({ status, location: `http://127.0.0.1:${inside.port}/latest/meta-data` }));
    const storage = await poolIn(dir.path).open(refOf("s3", { type: "s3", endpoint: `http://127.0.0.1:${outside.port}`, bucket: "backups", ...KEYS }));
    await expect(storage.stat("k")).rejects.toMatchObject({ code: "storage_refused" });
    await expect(storage.get("k")).rejects.toMatchObject({ code: "storage_refused" });
    await expect(storage.put("k", Readable.from([Buffer.from("x")]))).rejects.toMatchObject({ code: "storage_refused" });
    expect(calls).toEqual([]);
  });

  it("SFTP is not connected to when that is refused, by name or address, and is when it is not", async () => {
    await using dir = await tempDir("pool");
    await using server = await startSshd();
    for (const host of ["127.0.0.1", "localhost"]) {
      const ref = refOf("sftp", configOf(server, "x", { host }));
      const refused = async (): Promise<unknown> => (await poolIn(dir.path, { lookup: elsewhere }).open(ref)).stat("k");
      await expect(refused()).rejects.toMatchObject(REFUSED);
      expect(await (await poolIn(dir.path, { lookup: resolve }).open(ref)).stat("k")).toBeUndefined();
    }
  });
});

async function serve(answer: (url: string | undefined) => { status: number; location?: string }): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const { status, location } = answer(request.url);
    response.writeHead(status, location === undefined ? {} : { location }).end();
  });
  await new Promise<void>((ready) => { server.listen(0, "127.0.0.1", ready); });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => { server.close(done); });
    },
  };
}
