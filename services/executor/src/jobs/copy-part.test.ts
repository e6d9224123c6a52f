import { createHash, randomBytes } from "node:crypto";
import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { SafebaseError } from "@safebase/contracts";
import { openStorage, type Storage } from "@safebase/storage";
import { tempDir } from "@safebase/testing";
import { expect, test } from "vitest";
import { copyPart } from "./copy-part.ts";

const bytes = randomBytes(1024 * 1024);
const part = { key: "postgresql/part", size_bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), raw_size_bytes: bytes.length, codecs: [] };
const watch = { signal: new AbortController().signal, moved: () => {} };

test("says whose fault it is that a part is not copied", async () => {
  await using dir = await tempDir("copy-part");
  const [from, target] = await Promise.all(["from", "target"].map((id) => openStorage({ type: "local", id, root: join(dir.path, id) })));
  if (from === undefined || target === undefined) throw new Error("no storages");
  await from.put(part.key, Readable.from([bytes]));
  const full: Storage = Object.create(target, { put: { value: async (_key: string, source: AsyncIterable<Uint8Array>) => {
    const stream = Readable.from(source);
    try {
      for await (const _ of stream) throw new SafebaseError("storage_full", "no space is left on the storage");
    } finally {
      await finished(stream).catch(() => {}); // while a target tidies up, the reader is told to end
    }
  } } });
  await expect(copyPart(part, from, full, watch)).rejects.toMatchObject({ code: "storage_full" });
  expect(await copyPart(part, from, target, watch)).toBeUndefined();
  await target.delete(part.key);
  await truncate(join(dir.path, "from", part.key), 1000);
  expect(await copyPart(part, from, target, watch)).toMatchObject({ code: "artifact_damaged" });
});
