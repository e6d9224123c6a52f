import { s3Missing, startS3, startSshd } from "@safebase/testing";
import { expect, it } from "vitest";
import { withRetry } from "../index.ts";
import { openBucket } from "../s3/testing.ts";
import { openFolder } from "../sftp/testing.ts";
import { chunks, fan, MIB, openSpools, openTop, shaOf } from "./testing.ts";

const missing = s3Missing("moto");
if (missing !== undefined) {
  console.warn(`skipped: ${missing}`);
  it.skip(missing);
} else it("writes to a disk, S3 and SFTP at once, and goes on when the S3 server dies in the middle", async () => {
  await using opened = await openTop();
  await using sshd = await startSshd();
  const s3 = await startS3("moto");
  const bucket = await openBucket(s3, { part_size_mib: 5, id: "s3" }), folder = await openFolder(sshd, "files", { id: "sftp" });
  const [local] = opened.locals as [typeof bucket.storage];
  const all = fan(opened.top, [withRetry(bucket.storage), local, withRetry(folder.storage)]);
  expect(await all.put("a/first", chunks(12 * MIB))).toEqual({ size_bytes: 12 * MIB });
  expect(all.dropped.size).toBe(0);
  const sums = await Promise.all(all.living.map((storage) => shaOf(storage, "a/first")));
  expect(new Set(sums).size).toBe(1);
  await all.put("a/second", chunks(24 * MIB, async (done_bytes) => { if (done_bytes === 12 * MIB) await s3[Symbol.asyncDispose](); }));
  expect([...all.dropped]).toMatchObject([["s3", { code: "storage_failed", message: expect.stringMatching(/^cannot write a\/second: http:\S+ (refuses connections|cut the connection)$/) }]]);
  expect(await shaOf(folder.storage, "a/second")).toBe(await shaOf(local, "a/second"));
  await all.delete("a/second");
  expect(await folder.names()).toEqual(["a/first"]);
  expect(await openSpools(opened.top)).toEqual([]);
});
