import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { Compression } from "@safebase/contracts";
import { generateAgeKey } from "./age-keys.ts";
import { decompressStages, extension } from "./codecs.ts";
import { convert, runConversion } from "./convert.ts";
import { decryptStages } from "./encryption.ts";
import type { Manifest } from "./manifest.ts";
import { runPipeline } from "./pipeline.ts";
import { checkArtifact, findComplete, openPart, readManifest, removeArtifact } from "./read.ts";
import { sweep } from "./sweep.ts";
import { onlyPart, processesWith, shell, STEM, testStorage, TRAILER, until, writeOptions } from "./test-helpers.ts";
import { writeArtifact } from "./write.ts";

const run = promisify(execFile);
const RAW = `${Array.from({ length: 50_000 }, (_, n) => `${n + 1}\n`).join("")}${TRAILER} on 2026-05-04\n`;
const FILE = STEM.slice(STEM.lastIndexOf("/") + 1);
const key = generateAgeKey();
const other = generateAgeKey();
const recipients = [key.recipient];
const UNPACK: [Compression, string][] = [["zstd", "zstd -dc"], ["gzip", "gzip -dc"], ["zip", "bsdtar -xOf -"], ["none", "cat"]];

async function textOf(options: Parameters<typeof runPipeline>[0]): Promise<string> {
  let text = "";
  await runPipeline({ ...options, sink: async (output) => { text = String(Buffer.concat(await Array.fromAsync(output))); } });
  return text;
}

describe("an encrypted artifact", () => {
  it.each(UNPACK)("%s: standard tools alone give the dump back, and the manifest tells to whom it is encrypted", async (compression, unpack) => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage, { compression, recipients }));
    const ending = `${extension("sql", compression)}.age`;
    expect(await test.names()).toEqual([`${FILE}.manifest.json`, FILE + ending].sort());
    const path = join(test.root, onlyPart(manifest).key);
    await writeFile(join(test.root, "key.txt"), `${key.identity}\n`);
    const { stdout } = await run("bash", ["-o", "pipefail", "-c", `age -d -i key.txt "$1" | ${unpack}`, "-", path], { maxBuffer: 1e8, cwd: test.root });
    expect(stdout === RAW).toBe(true);
    const stored = await readFile(path);
    expect(stored.subarray(0, 21).toString()).toBe("age-encryption.org/v1");
    expect(manifest.encryption).toEqual({ format: "age", recipients });
    expect(onlyPart(manifest)).toEqual({
      key: STEM + ending, size_bytes: stored.length, sha256: createHash("sha256").update(stored).digest("hex"),
      raw_size_bytes: RAW.length, codecs: [...(compression === "none" ? [] : [compression]), "age"],
    });
    expect([await readManifest(test.storage, STEM), await findComplete(test.storage, STEM), await checkArtifact(test.storage, STEM)]).toEqual([manifest, manifest, manifest]);
    expect(JSON.stringify(manifest)).not.toContain("AGE-SECRET-KEY");
    await removeArtifact(test.storage, STEM);
    expect((await test.names()).filter((name) => name.startsWith(FILE))).toEqual([]);
  });

  it.each(UNPACK)("%s: is read back with its identity, and handed out as sql, zip and gz", async (compression) => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage, { compression, recipients: [other.recipient, key.recipient] }));
    const input = (): Promise<Readable> => openPart(test.storage, onlyPart(manifest));
    for (const identities of [[key.identity], [generateAgeKey().identity, other.identity]]) {
      const stages = [...decryptStages(manifest, identities), ...decompressStages(compression), shell("cat")];
      expect(await textOf({ stages, input: await input() }) === RAW).toBe(true);
    }
    for (const [form, ending, unpack] of [["sql", ".sql", "cat"], ["gz", ".sql.gz", "gzip -dc"], ["zip", ".zip", "bsdtar -xOf -"]] as const) {
      const conversion = convert(manifest, form, { pg_restore_path: "/no/pg_restore", identities: [key.identity] });
      expect(conversion.filename).toBe(FILE + ending);
      let sent: Buffer[] = [];
      await runConversion(conversion, test.storage, { sink: async (output) => { sent = await Array.fromAsync(output); } });
      await writeFile(join(test.root, "sent"), sent);
      expect((await run("sh", ["-c", `${unpack} < sent`], { cwd: test.root, maxBuffer: 1e8 })).stdout === RAW).toBe(true);
    }
    expect(convert(manifest, "stored", { pg_restore_path: "", identities: [] })).toMatchObject({ filename: `${FILE}${extension("sql", compression)}.age`, content_type: "application/octet-stream", stored: manifest.parts[0] });
  });

  it("is not opened without its identity, nor with another's, and says which is needed", async () => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage, { recipients }));
    expect(() => decryptStages(manifest, [])).toThrow(`encrypted to ${key.recipient}, whose identity is not kept here`);
    expect(() => decryptStages(manifest, [other.identity])).toThrow(`encrypted to ${key.recipient}; the identity that was given is that of ${other.recipient}`);
    expect(() => convert(manifest, "sql", { pg_restore_path: "", identities: [] })).toThrow(expect.objectContaining({ code: "identity_needed" }));
    const plain: Manifest = { ...manifest, encryption: undefined };
    expect(decryptStages(plain, [])).toEqual([]);
  });

  it("that is damaged is found by age, too", async () => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage, { recipients, compression: "none" }));
    const stored = await readFile(join(test.root, onlyPart(manifest).key));
    for (const damage of [(bytes: Buffer) => { bytes[bytes.length >> 1]! ^= 1; return bytes; }, (bytes: Buffer) => bytes.subarray(0, -70_000), (bytes: Buffer) => bytes.subarray(0, 60)]) {
      await expect(textOf({ stages: decryptStages(manifest, [key.identity]), input: Readable.from([damage(Buffer.from(stored))]) })).rejects.toMatchObject({ code: "artifact_damaged" });
    }
  });

  it.each(["zstd", "zip"] as const)("%s: leaves nothing when the dump or age fails", async (compression) => {
    await using test = await testStorage();
    const options = writeOptions(test.storage, { compression, recipients });
    const fails = shell(`seq 1 200000; echo '${TRAILER}'; exit 1`, { failure_code: "dump_failed" });
    await expect(writeArtifact({ ...options, stages: [fails] })).rejects.toMatchObject({ code: "dump_failed" });
    await expect(writeArtifact({ ...options, stages: [shell("seq 1 200000")] })).rejects.toMatchObject({ code: "incomplete_dump" });
    await expect(writeArtifact({ ...options, recipients: ["age1broken"] })).rejects.toMatchObject({ message: "age ended with exit code 1" });
    expect(await test.names()).toEqual([]);
  });

  it("without its manifest is swept like any other", async () => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage, { recipients }));
    await test.storage.delete(`${STEM}.manifest.json`);
    expect(await sweep(test.storage, { isHeld: async () => false, grace_ms: 0 })).toEqual([onlyPart(manifest).key]);
  });
});

describe("an identity", () => {
  it("is in no argument, no environment and no file that has a name, while age reads it", async () => {
    const before = new Set(await readdir(tmpdir()));
    const script = 'cat /dev/fd/3 > /dev/null; echo ready; sleep 600.4242424';
    const stop = new AbortController();
    const seen = runPipeline({ stages: [shell(script, { secret: key.identity })], signal: stop.signal, sink: async (output) => { await Array.fromAsync(output); } });
    const ended = expect(seen).rejects.toMatchObject({ code: "canceled" });
    await until(async () => (await processesWith("600.4242424")).length > 0);
    expect(await processesWith(key.identity)).toEqual([]);
    const made = (await readdir(tmpdir())).filter((name) => !before.has(name) && /^safebase-[0-9a-f]{8}-/.test(name));
    expect(made).toEqual([]);
    stop.abort();
    await ended;
  });

  it("is what the stage reads, and only that stage", async () => {
    const reads = shell("cat /dev/fd/3", { secret: "one\n" });
    const next = shell("cat; cat /dev/fd/3", { secret: "two\n" });
    const last = shell("cat; test -e /dev/fd/3 && echo leaked; true");
    expect(await textOf({ stages: [reads, next, last] })).toBe("one\ntwo\n");
  });
});
