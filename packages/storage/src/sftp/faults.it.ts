import { startSshd, startTcpFaults } from "@safebase/testing";
import type { SftpServer, TcpFaultProxy } from "@safebase/testing";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StorageUnderTest } from "../contract-suite.ts";
import { openStorage, withRetry } from "../index.ts";
import type { Storage } from "../index.ts";
import { configOf, openFolder } from "./testing.ts";

const QUICK = { attempts: 4, first_pause_ms: 1, longest_pause_ms: 5 };
const DATA = randomBytes(3_000_000);

/** Where a connection breaks: SSH's greeting is the first bytes, its keys the first few hundred, then come the files. */
const PHASES = [
  ["before the server's greeting", { way: "to_client", after_bytes: 0 }], ["in the handshake", { way: "to_client", after_bytes: 300 }],
  ["in the middle of the data", { way: "to_server", after_bytes: 1_000_000 }], ["before the last answers", { way: "to_server", after_bytes: 3_000_500 }],
] as const;

describe("faults between us and SFTP", () => {
  let server: SftpServer, proxy: TcpFaultProxy, behind: StorageUnderTest, storage: Storage;
  let open: () => Promise<Storage>;
  beforeAll(async () => {
    server = await startSshd();
    proxy = await startTcpFaults(server.port);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    proxy.clear();
    const folder = randomBytes(6).toString("hex");
    behind = await openFolder(server, folder);
    open = () => openStorage(configOf(server, folder, { port: proxy.port, timeout_s: 1 }));
    storage = await open();
  });

  describe.each(["cut", "hang"] as const)("a connection that ends by a %s", (ends) => {
    it.each(PHASES)("%s fails a write, which leaves nothing, and the next works", async (_, fault) => {
      proxy.inject({ ...fault, ends, times: 1 });
      await expect(storage.put("a/k", source())).rejects.toMatchObject({ code: "storage_failed" });
      expect(await behind.names()).toEqual([]);
      expect(await storage.put("a/k", source())).toEqual({ size_bytes: DATA.length });
      expect((await bytes(await behind.storage.get("a/k"))).equals(DATA)).toBe(true);
    });

    it("in the middle of a read fails it, and with a retry goes on", async () => {
      await behind.storage.put("k", source());
      const fault = { way: "to_client", after_bytes: 1_000_000, ends } as const;
      proxy.inject({ ...fault, times: 1 });
      await expect(storage.get("k").then(bytes)).rejects.toMatchObject({ code: "storage_failed" });
      proxy.inject({ ...fault, times: 2 });
      expect((await bytes(await withRetry(await open(), QUICK).get("k"))).equals(DATA)).toBe(true);
    });
  });
});

function source(): Readable { return Readable.from([DATA]); }
async function bytes(stream: AsyncIterable<Uint8Array>): Promise<Buffer> { return Buffer.concat(await Array.fromAsync(stream)); }
