import fc from "fast-check";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { SafebaseError } from "@safebase/contracts";
import type { Compression } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import { manifestKey } from "./key.ts";
import { checkArtifact, findComplete, openPart, readManifest, removeArtifact } from "./read.ts";
import { oddSleep, onlyPart, processesWith, shell, STEM, testStorage, TRAILER, until, writeOptions } from "./test-helpers.ts";
import { writeArtifact } from "./write.ts";

const run = promisify(execFile);
const RAW = `${Array.from({ length: 50_000 }, (_, n) => `${n + 1}\n`).join("")}${TRAILER} on 2026-05-04\n`;
const FILE = STEM.slice(STEM.lastIndexOf("/") + 1);

describe("writing an artifact", () => {
  const tools: [Compression, string, string[]][] = [
    ["zstd", ".sql.zst", ["zstd", "-dc"]], ["gzip", ".sql.gz", ["gzip", "-dc"]], ["zip", ".zip", ["bsdtar", "-xOf"]], ["none", ".sql", ["cat"]],
  ];
  it.each(tools)("%s: a standard tool gives the dump back, and the manifest tells the truth", async (compression, ending, [tool, ...args]) => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage, { compression }));
    expect(await test.names()).toEqual([`${FILE}.manifest.json`, FILE + ending].sort());
    const path = join(test.root, onlyPart(manifest).key);
    const { stdout } = await run(tool as string, [...args, path], { maxBuffer: 1e8 });
    expect(stdout === RAW).toBe(true);
    const stored = await readFile(path);
    expect(onlyPart(manifest)).toEqual({
      key: STEM + ending, size_bytes: stored.length, sha256: createHash("sha256").update(stored).digest("hex"),
      raw_size_bytes: RAW.length, codecs: compression === "none" ? [] : [compression],
    });
    expect(await readManifest(test.storage, STEM)).toEqual(manifest);
    expect(await findComplete(test.storage, STEM)).toEqual(manifest);
    expect(await checkArtifact(test.storage, STEM)).toEqual(manifest);
  });

  it("keeps nothing when the closing line is missing, though every process exits 0", async () => {
    await using test = await testStorage();
    const cut = writeOptions(test.storage, { stages: [shell(`echo '${TRAILER}'; seq 1 1000`)] });
    await expect(writeArtifact(cut)).rejects.toMatchObject({ code: "incomplete_dump" });
    await expect(writeArtifact({ ...cut, stages: [shell("true")] })).rejects.toMatchObject({ code: "incomplete_dump" });
    expect(await test.names()).toEqual([]);
    await writeArtifact({ ...cut, trailer: null });
  });

  it("never shows data, let alone a manifest, when a process fails at the end", async () => {
    await using test = await testStorage();
    const failing = writeOptions(test.storage, { stages: [shell(`seq 1 50000; echo '${TRAILER}'; exit 1`, { failure_code: "dump_failed" })] });
    await expect(writeArtifact(failing)).rejects.toMatchObject({ code: "dump_failed" });
    expect(await test.names()).toEqual([]);
  });

  it("removes its data when anything fails after it", async () => {
    await using test = await testStorage();
    const lost = new SafebaseError("lease_lost", "lost");
    const fails = async (): Promise<never> => { throw lost; };
    await expect(writeArtifact(writeOptions(test.storage, { beforeManifest: fails }))).rejects.toBe(lost);
    await expect(writeArtifact(writeOptions(test.storage, { draft: fails }))).rejects.toBe(lost);
    const controller = new AbortController();
    const cancels = { signal: controller.signal, beforeManifest: async () => { controller.abort(); } };
    await expect(writeArtifact(writeOptions(test.storage, cancels))).rejects.toMatchObject({ code: "canceled" });
    expect(await test.names()).toEqual([]);
  });

  it("touches nothing of an artifact that is there already", async () => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage));
    await expect(writeArtifact(writeOptions(test.storage))).rejects.toMatchObject({ code: "exists" });
    expect(await checkArtifact(test.storage, STEM)).toEqual(manifest);
  });

  it("does not take away what another run put in its place after its lease was lost", async () => {
    await using test = await testStorage();
    const other = writeOptions(test.storage, { stages: [shell(`seq 1 9; echo '${TRAILER}'`)] });
    const late = writeOptions(test.storage, {
      beforeManifest: async () => {
        await removeArtifact(test.storage, STEM);
        await writeArtifact(other);
        throw new SafebaseError("lease_lost", "lost");
      },
    });
    await expect(writeArtifact(late)).rejects.toMatchObject({ code: "lease_lost" });
    expect(onlyPart(await checkArtifact(test.storage, STEM)).raw_size_bytes).toBe(18 + TRAILER.length + 1);
  });

  it("leaves no process and no file when it is canceled midway", async () => {
    await using test = await testStorage();
    const marker = oddSleep();
    const controller = new AbortController();
    const writing = writeArtifact(writeOptions(test.storage, { stages: [shell(`seq 1 500000; sleep ${marker}`)], signal: controller.signal }));
    await until(async () => (await processesWith(`sleep\0${marker}`)).length > 0 && (await test.names()).length > 0);
    controller.abort();
    await expect(writing).rejects.toMatchObject({ code: "canceled" });
    expect(await processesWith(marker)).toEqual([]);
    expect(await test.names()).toEqual([]);
  });
});

describe("a damaged artifact is found", () => {
  it("whatever bit of the data or the manifest flips, and wherever either is cut", async () => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage));
    const paths = [join(test.root, onlyPart(manifest).key), join(test.root, manifestKey(STEM))];
    const originals = await Promise.all(paths.map((path) => readFile(path)));
    await fc.assert(fc.asyncProperty(fc.nat(1), fc.nat(), fc.nat(7), fc.boolean(), async (which, at, bit, cut) => {
      const [path, original] = [paths[which] as string, originals[which] as Buffer];
      const altered = Buffer.from(original);
      const place = at % original.length;
      altered.writeUInt8(altered.readUInt8(place) ^ (1 << bit), place);
      await writeFile(path, cut ? original.subarray(0, place) : altered);
      const found = await checkArtifact(test.storage, STEM).then(() => undefined, (error: unknown) => error);
      await writeFile(path, original);
      // The layout of the manifest may change: a space is no data.
      if (which === 1 && sameJson(cut ? original.subarray(0, place) : altered, original)) return;
      expect(found).toMatchObject({ code: "artifact_damaged" });
    }), { numRuns: 300 });
    expect(await checkArtifact(test.storage, STEM)).toEqual(manifest);
  }, 60_000);

  it("says what differs", async () => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage));
    const { key, size_bytes } = onlyPart(manifest);
    const path = join(test.root, key);
    const original = await readFile(path);
    await truncate(path, 100);
    await expect(checkArtifact(test.storage, STEM)).rejects.toThrow(`${key} has 100 bytes, and its manifest says ${size_bytes}`);
    expect(await findComplete(test.storage, STEM)).toBeUndefined();
    await writeFile(path, Buffer.alloc(size_bytes));
    await expect(checkArtifact(test.storage, STEM)).rejects.toThrow(/was altered: its SHA-256 is/);
    await rm(path);
    await expect(openPart(test.storage, onlyPart(manifest))).rejects.toMatchObject({ code: "artifact_missing" });
    expect(await findComplete(test.storage, STEM)).toBeUndefined();
    await writeFile(path, original);
    await rm(join(test.root, manifestKey(STEM)));
    await expect(checkArtifact(test.storage, STEM)).rejects.toMatchObject({ code: "artifact_missing" });
    expect(await findComplete(test.storage, STEM)).toBeUndefined();
  });

  it("when its manifest was edited, is another's or of a later format", async () => {
    await using test = await testStorage();
    await writeArtifact(writeOptions(test.storage));
    const path = join(test.root, manifestKey(STEM));
    const text = await readFile(path, "utf8");
    for (const [from, to, says] of [
      ['"rows": 50000', '"rows": 49999', "checksum"], ["shop.sql.zst", "../../x", "checksum"],
      ['"format_version": 1', '"format_version": 3', "has the format_version 3, and this SafeBase reads up to 2"], ['"format_version": 1', '"format_version": 0', "format_version is 0"],
      ['"format_version": 1', '"format_version": 2', "checksum"], ["{", "[", "not valid JSON"],
    ] as const) {
      await writeFile(path, text.replace(from, to));
      if (text.includes(from)) await expect(readManifest(test.storage, STEM)).rejects.toThrow(says);
    }
    const other = STEM.replace(/_7$/, "_8");
    await writeFile(join(test.root, manifestKey(other)), text);
    await expect(readManifest(test.storage, other)).rejects.toThrow("belongs to another artifact");
  });
});

it("a removal that stops anywhere leaves nothing that looks like a backup, and can be taken up again", async () => {
  for (let steps = 1; ; steps++) {
    await using test = await testStorage();
    await writeArtifact(writeOptions(test.storage));
    let left = steps;
    const dying = Object.create(test.storage, {
      delete: {
        value: async (key: string) => {
          if (left-- === 0) throw new Error("killed");
          await test.storage.delete(key);
        },
      },
      list: { value: (prefix: string) => test.storage.list(prefix) },
    }) as Storage;
    const finished = await removeArtifact(dying, STEM).then(() => true, () => false);
    expect(await findComplete(test.storage, STEM)).toBeUndefined();
    await expect(readManifest(test.storage, STEM)).rejects.toMatchObject({ code: "artifact_missing" });
    expect(await test.names()).toEqual(finished ? [] : [`${FILE}.sql.zst`]);
    await removeArtifact(test.storage, STEM);
    expect(await test.names()).toEqual([]);
    if (finished) return expect(steps).toBe(2);
  }
});

it("removes an artifact, manifest first, as often as asked", async () => {
  await using test = await testStorage();
  await writeArtifact(writeOptions(test.storage));
  await writeArtifact(writeOptions(test.storage, { stem: `${STEM}1`, draft: async () => ({ ...await writeOptions(test.storage).draft(), backup_id: 71 }) }));
  await removeArtifact(test.storage, STEM);
  await removeArtifact(test.storage, STEM);
  expect(await test.names()).toHaveLength(2);
  await checkArtifact(test.storage, `${STEM}1`);
});

function sameJson(altered: Buffer, original: Buffer): boolean {
  try {
    return JSON.stringify(JSON.parse(String(altered))) === JSON.stringify(JSON.parse(String(original)));
  } catch {
    return false; // no JSON any more: not the same
  }
}
