import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readFile, rename, truncate } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { SafebaseError } from "@safebase/contracts";
import { generateAgeKey } from "./age-keys.ts";
import { parseManifest, serializeManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { artifactDigest } from "./parts.ts";
import { checkArtifact, findComplete, readManifest, removeArtifact } from "./read.ts";
import { readThrough } from "./read-through.ts";
import { oddSleep, processesWith, shell, STEM, testStorage, TRAILER, until, writeOptions } from "./test-helpers.ts";
import type { TestStorage } from "./test-helpers.ts";
import { Together } from "./together.ts";
import { writeParts } from "./write.ts";
import type { PartSource, WritePartsOptions } from "./write.ts";

const run = promisify(execFile);
const FILE = STEM.slice(STEM.lastIndexOf("/") + 1);

const source = (name: string, script: string, role: "pre-data" | "data" | "post-data" = "data"): PartSource => ({ part: { name, role }, stages: [shell(script)], trailer: null });
const SOURCES: readonly PartSource[] = [
  source("pre-data", "echo create", "pre-data"), source("data-1", "seq 1 60000"), source("data-2", "seq 60001 120000"), source("post-data", "echo index", "post-data"),
  { part: { name: "globals", role: "globals" }, stages: [shell(`echo roles; echo '${TRAILER}'`)], trailer: TRAILER },
];

function partOptions(test: TestStorage, more: Partial<WritePartsOptions> = {}): WritePartsOptions {
  const { stages: _, trailer: __, ...options } = writeOptions(test.storage, { format: "custom" });
  return { ...options, parts: SOURCES, ...more };
}

const paths = (test: TestStorage, { parts }: Manifest): string[] => parts.map(({ key }) => join(test.root, key));

describe("an artifact of several parts", () => {
  it("has a file for each that standard tools read, a manifest that names them, and the digest that sha256sum tells", async () => {
    await using test = await testStorage();
    const key = generateAgeKey();
    for (const recipients of [[], [key.recipient]]) {
      const manifest = await writeParts(partOptions(test, { recipients }));
      const age = recipients.length > 0 ? ".age" : "";
      expect(manifest.parts.map((part) => [part.name, part.role, part.key])).toEqual([
        ...["pre-data", "data-1", "data-2", "post-data"].map((name) => [name, name.replace(/-\d$/, ""), `${STEM}.${name}.dump.zst${age}`]),
        ["globals", "globals", `${STEM}.globals.sql.zst${age}`],
      ]);
      expect(manifest.format_version).toBe(2);
      const files = paths(test, manifest);
      if (age === "") expect((await run("sh", ["-c", 'zstd -dcq "$@"', "-", ...files])).stdout).toBe(`create\n${Array.from({ length: 120_000 }, (_, n) => `${n + 1}\n`).join("")}index\nroles\n${TRAILER}\n`);
      const { stdout } = await run("sh", ["-c", 'cd "$1" && shift && sha256sum "$@"', "-", join(test.root, "mariadb"), ...manifest.parts.map((part) => part.key.slice("mariadb/".length))]);
      const size_bytes = (await Promise.all(files.map((path) => readFile(path)))).reduce((sum, bytes) => sum + bytes.length, 0);
      expect(artifactDigest(manifest)).toEqual({ sha256: createHash("sha256").update(stdout).digest("hex"), size_bytes, raw_size_bytes: manifest.parts.reduce((sum, part) => sum + (part.raw_size_bytes ?? NaN), 0) });
      expect([await readManifest(test.storage, STEM), await findComplete(test.storage, STEM), await checkArtifact(test.storage, STEM)]).toEqual([manifest, manifest, manifest]);
      await removeArtifact(test.storage, STEM);
      expect(await test.names()).toEqual([]);
    }
  });

  it("is damaged when a part is missing, cut or another's, whichever it is", async () => {
    await using test = await testStorage();
    const manifest = await writeParts(partOptions(test));
    const files = paths(test, manifest);
    const [, first, second] = files as [string, string, string];
    for (const path of files) {
      await rename(path, `${path}~`);
      expect(await findComplete(test.storage, STEM)).toBeUndefined();
      await expect(checkArtifact(test.storage, STEM)).rejects.toMatchObject({ code: "artifact_missing" });
      await copyFile(`${path}~`, path);
      await truncate(path, 5);
      expect(await findComplete(test.storage, STEM)).toBeUndefined();
      await expect(checkArtifact(test.storage, STEM)).rejects.toMatchObject({ code: "artifact_damaged" });
      await rename(`${path}~`, path);
    }
    await rename(first, `${first}~`);
    await rename(second, first);
    await rename(`${first}~`, second);
    await expect(checkArtifact(test.storage, STEM)).rejects.toMatchObject({ code: "artifact_damaged" });
  });

  it("is not one when its manifest names its parts wrongly, though its checksum fits", async () => {
    await using test = await testStorage();
    const manifest = await writeParts(partOptions(test));
    const [pre, one, two, post, globals] = manifest.parts as [Manifest["parts"][number], ...Manifest["parts"]];
    const read = (parts: unknown[], format_version = 2): Manifest => parseManifest(String(serializeManifest({ ...manifest, format_version, parts } as Manifest)), "m");
    expect(read([pre, one, post]).parts).toHaveLength(3);
    for (const parts of [[pre, post], [one, two], [pre, one, one, post], [one, pre, post], [globals, pre, one, post], [pre, one, post, globals, globals], [one], [pre, { ...one, name: undefined }, post], [pre, { ...one, name: "../x" }, post]]) {
      expect(() => read(parts)).toThrow(expect.objectContaining({ code: "artifact_damaged" }) as SafebaseError);
    }
    expect(() => read(manifest.parts, 1)).toThrow(expect.objectContaining({ code: "artifact_damaged" }) as SafebaseError);
    expect(() => read(manifest.parts, 3)).toThrow(expect.objectContaining({ code: "artifact_damaged", hint: expect.stringContaining("upgrade SafeBase") }) as SafebaseError);
    await test.storage.delete(`${STEM}.manifest.json`);
    const swapped = serializeManifest({ ...manifest, parts: [pre, { ...one!, key: two!.key }, { ...two!, key: one!.key }, post!, globals!] });
    await test.storage.put(`${STEM}.manifest.json`, (async function* () { yield swapped; })());
    await expect(readManifest(test.storage, STEM)).rejects.toThrow("belongs to another artifact");
  });

  it("is read through part by part, each by its own reader", async () => {
    await using test = await testStorage();
    const manifest = await writeParts(partOptions(test));
    const seen: unknown[] = [];
    const readerOf = (bad: string) => (part: Manifest["parts"][number]) => { seen.push(part.name); return { stages: [shell(`cat > /dev/null; test ${part.name} != ${bad}`, { failure_code: "artifact_damaged" })], trailer: null }; };
    expect(await readThrough(test.storage, manifest, { readerOf: readerOf("none"), identities: [] })).toEqual({ sealed: false });
    expect(seen).toEqual(["pre-data", "data-1", "data-2", "post-data", "globals"]);
    await expect(readThrough(test.storage, manifest, { readerOf: readerOf("post-data"), identities: [] })).rejects.toThrow(`${STEM}.post-data.dump.zst holds the bytes that were written, but sh cannot read them`);
  });

  it("leaves nothing when one of them fails at its end, is canceled, or what comes after them fails", async () => {
    await using test = await testStorage();
    const marker = oddSleep();
    const endless = source("data-1", `seq 1 500000; sleep ${marker}`);
    const failing = source("data-2", "seq 1 9; sleep 0.5; exit 3");
    const [pre, , , post] = SOURCES as [PartSource, PartSource, PartSource, PartSource];
    await expect(writeParts(partOptions(test, { parts: [pre, endless, failing, post] }))).rejects.toMatchObject({ message: "sh ended with exit code 3" });
    expect([await processesWith(marker), await test.names()]).toEqual([[], []]);
    const stop = new AbortController();
    const canceled = expect(writeParts(partOptions(test, { parts: [pre, endless, source("data-2", "seq 1 9"), post], signal: stop.signal }))).rejects.toMatchObject({ code: "canceled" });
    await until(async () => (await processesWith(`sleep\0${marker}`)).length > 0 && (await test.names()).includes(`${FILE}.data-2.dump.zst`));
    stop.abort();
    await canceled;
    expect([await processesWith(marker), await test.names()]).toEqual([[], []]);
    await expect(writeParts(partOptions(test, { beforeManifest: async () => { throw new Error("lost"); } }))).rejects.toThrow("lost");
    expect(await test.names()).toEqual([]);
  });
});

it("pipelines that run together are watched as one: progress, stall and time limit", async () => {
  const told: number[] = [];
  const moving = new Together({ limits: { stall_ms: 1_500 }, onProgress: ({ bytes_out }) => told.push(bytes_out) });
  const drop = async (output: AsyncIterable<unknown>): Promise<void> => { for await (const _ of output) { /* counted */ } };
  const lane = (script: string) => (pipeline: Parameters<Parameters<Together["all"]>[0][number]>[0]) => pipeline({ stages: [shell(script)], sink: drop });
  const limited = new Together({ limits: { time_ms: 3_000 } });
  const beyond = async (): Promise<unknown> => { await limited.all([lane("sleep 0.5")]); return limited.all([lane("for i in 1 2 3 4 5 6 7 8 9; do echo; sleep 0.6; done")]); };
  const idle = new Together({ limits: { stall_ms: 100 } });
  await Promise.all([
    moving.all([lane("for i in 1 2 3 4 5 6 7 8 9 10; do head -c 1000 /dev/zero; sleep 0.3; done"), lane("head -c 100000 /dev/zero; sleep 2.5")]),
    expect(beyond()).rejects.toMatchObject({ code: "time_limit", message: "it took longer than its limit of 3 s" }),
    expect(idle.all([lane("sleep 9"), lane("sleep 9")])).rejects.toMatchObject({ code: "stalled" }),
  ]);
  expect(told.at(-1)).toBeGreaterThan(103_000);
});

it("a manifest of one part is what it always was", () => {
  const at = "2026-05-04T03:02:01.000Z";
  const manifest: Manifest = {
    format_version: 1, backup_id: 7, job_id: 3, database: { id: 1, name: "shop", label: "The shop", type: "mariadb" }, server: "MariaDB 10.11.19", server_version: "10.11.19",
    tool: { name: "mariadb-dump", version: "10.11.19", args: [] }, format: "sql", compression: "zstd", contents: { tables: [] }, warnings: [], trigger: "manual", created_at: at, started_at: at, finished_at: at, safebase_version: "0.1.0",
    parts: [{ key: `${STEM}.sql.zst`, size_bytes: 9, sha256: "a".repeat(64), raw_size_bytes: null, codecs: ["zstd"] }],
  };
  const bytes = serializeManifest(manifest);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe("d664e41a548f8bc536d05fd0e936633ffa0c19f37ea88d208bf91964958dcd3f");
  expect(parseManifest(String(bytes), "m")).toEqual(manifest);
  expect(artifactDigest(manifest)).toEqual({ sha256: "a".repeat(64), size_bytes: 9, raw_size_bytes: null });
});
