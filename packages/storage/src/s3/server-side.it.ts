import { HeadObjectCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { s3Missing, startHttpFaults, startS3 } from "@safebase/testing";
import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { openStorage } from "../index.ts";
import { configOf, openBucket, PREFIX } from "./testing.ts";

const [no_moto, no_ceph] = [s3Missing("moto"), s3Missing("ceph")];
const LARGE_BYTES = 11 * 1024 * 1024;
const ASKED = { lock_mode: "governance", lock_days: 3, encryption: "aws:kms", kms_key_id: "our-key", storage_class: "STANDARD_IA", part_size_mib: 5 } as const;

if (no_moto !== undefined) {
  console.warn(`skipped: ${no_moto}`);
  it.skip(no_moto);
} else describe("what the server is asked to do (moto)", () => {
  it("an object is locked, encrypted and classed, and its SHA-256 known", async () => {
    await using server = await startS3("moto");
    const { bucket, storage } = await openBucket(server, ASKED);
    await storage.put("k", Readable.from([randomBytes(5)]));
    const object = { Bucket: bucket, Key: `${PREFIX}/k` };
    const head = await server.client.send(new HeadObjectCommand({ ...object, ChecksumMode: "ENABLED" }));
    expect(head).toMatchObject({ ServerSideEncryption: "aws:kms", StorageClass: "STANDARD_IA", ChecksumSHA256: expect.any(String) });
    expect(head.SSEKMSKeyId).toContain("our-key");
    expect(head.ObjectLockMode).toBe("GOVERNANCE");
    expectInDays(head.ObjectLockRetainUntilDate, 3);
  });

  it("an upload in parts is asked for the same (moto keeps no lock of these)", async () => {
    await using server = await startS3("moto");
    await using proxy = await startHttpFaults(server.port);
    const begins: IncomingHttpHeaders[] = [];
    proxy.inject({ when: ({ method, headers }) => { if (method === "POST") begins.push(headers); return false; }, fault: { at: "hang" } });
    const { bucket } = await openBucket(server, ASKED);
    const storage = await openStorage(configOf(server, bucket, { ...ASKED, endpoint: `http://127.0.0.1:${proxy.port}` }));
    await storage.put("k", Readable.from([randomBytes(LARGE_BYTES)]));
    expect(begins[0]).toMatchObject({
      "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": "our-key",
      "x-amz-storage-class": "STANDARD_IA", "x-amz-checksum-algorithm": "SHA256",
    });
    expectInDays(new Date(String(begins[0]?.["x-amz-object-lock-retain-until-date"])), 3);
  });

  it("sweeps only below its own prefix", async () => {
    await using server = await startS3("moto");
    const { bucket, storage, leaveTemp } = await openBucket(server);
    await leaveTemp("ours");
    await leaveTemp("../other/theirs".replace("..", ".")); // a key that is none of ours
    const foreign = await openStorage(configOf(server, bucket, { prefix: "backups/test-2" }));
    expect(await foreign.sweepTemps(0)).toEqual([]);
    expect(await storage.sweepTemps(0)).toEqual(["ours"]);
    expect((await server.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads).toHaveLength(1);
  });
});

// Ceph's gateway with its small store is no place for the whole contract: it forgets parts and takes ranges for whole
// objects. But what stands before the store is what runs in production: signatures, checksums, conditions.
if (no_ceph !== undefined) {
  console.warn(`skipped: ${no_ceph}`);
  it.skip(no_ceph);
} else describe("Ceph's gateway", () => {
  it("takes our signature and checksums, tells damage on the way, and says what is wrong with keys and buckets", async () => {
    await using server = await startS3("ceph");
    await using proxy = await startHttpFaults(server.port);
    await server.makeBucket("backups");
    const config = configOf(server, "backups", { endpoint: `http://127.0.0.1:${proxy.port}` });
    const storage = await openStorage(config);
    proxy.inject({ when: ({ method }) => method === "PUT", times: 1, fault: { at: "flip" } });
    await storage.put("k", Readable.from([Buffer.from("as it was")]));
    expect(proxy.seen.filter((request) => request.startsWith("PUT"))).toHaveLength(2);
    expect(String(Buffer.concat(await Array.fromAsync(await storage.get("k"))))).toBe("as it was");
    await expect(storage.put("k", Readable.from([Buffer.from("x")]))).rejects.toMatchObject({ code: "exists" });
    const refused = async (changes: object, message: RegExp): Promise<void> => {
      const wrong = await openStorage({ ...config, ...changes });
      for (const act of [() => wrong.stat("a"), () => wrong.put("a", Readable.from([Buffer.from("x")])), () => wrong.get("a")]) {
        await expect(act()).rejects.toMatchObject({ code: "storage_refused", message: expect.stringMatching(message) });
      }
    };
    await refused({ secret_access_key: "another" }, /does not accept the access key/);
    await refused({ access_key_id: "ANOTHER" }, /does not accept the access key/);
    await refused({ bucket: "no-such-bucket" }, /has no bucket no-such-bucket/);
  });
});

function expectInDays(at: Date | undefined, days: number): void {
  expect(Math.abs(((at?.getTime() ?? 0) - Date.now()) / 86_400_000 - days)).toBeLessThan(0.1);
}
