import { s3Missing, startS3, tempDir } from "@safebase/testing";
import type { S3Server } from "@safebase/testing";
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { storageContract } from "../contract-suite.ts";
import { openStorage } from "../index.ts";
import { configOf, openBucket } from "./testing.ts";

const missing = s3Missing("moto");
if (missing !== undefined) {
  console.warn(`skipped: ${missing}`);
  it.skip(missing);
} else contract();

function contract(): void {
  let server: S3Server;
  beforeAll(async () => { server = await startS3("moto"); });
  afterAll(async () => { await server[Symbol.asyncDispose](); });

  storageContract("s3", {
    open: () => openBucket(server),
    openSmall: async () => "no S3 server here has a limit; what a full one answers is injected in faults.it.ts",
  });

  it("keeps large parts on disk while they are under way, and nothing of them afterwards", async () => {
    await using spool = await tempDir("spool");
    const { bucket, storage: reader } = await openBucket(server);
    const storage = await openStorage(configOf(server, bucket, { part_size_mib: 13 }), { spool_dir: spool.path });
    const data = randomBytes(30 * 1024 * 1024);
    const seen: number[] = [];
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < data.length; at += 1_000_000) {
        seen.push((await readdir(spool.path)).length);
        yield data.subarray(at, at + 1_000_000);
      }
    }
    await storage.put("k", source());
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(Math.max(...seen)).toBeLessThanOrEqual(2);
    expect(Buffer.concat(await Array.fromAsync(await reader.get("k"))).equals(data)).toBe(true);
    async function* broken(): AsyncGenerator<Uint8Array> { yield* source(); throw new Error("the source broke"); }
    await expect(storage.put("broken", broken())).rejects.toThrow("the source broke");
    expect(await readdir(spool.path)).toEqual([]);
  });
}
