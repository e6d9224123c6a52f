import { openStorage } from "@safebase/storage";
import type { Storage } from "@safebase/storage";
import { randomInt } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { artifactStem } from "./key.ts";
import type { Manifest, ManifestPart } from "./manifest.ts";
import type { Stage } from "./stage.ts";
import type { WriteOptions } from "./write.ts";

export const TRAILER = "-- Dump completed";

export type TestStorage = AsyncDisposable & { storage: Storage; root: string; names(): Promise<string[]> };

/** A local storage in a folder of its own. */
export async function testStorage(): Promise<TestStorage> {
  const root = await mkdtemp(join(tmpdir(), "safebase-artifact-"));
  return {
    storage: await openStorage({ type: "local", id: "test", root }),
    root,
    async names() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name).sort();
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

/** A stage that runs a shell script of the test's own. */
export function shell(script: string, more: Partial<Stage> = {}): Stage {
  return { program: "sh", args: ["-c", script], ...more };
}

/** A number of seconds that no other process sleeps, to find the processes of one test by. */
export function oddSleep(): string {
  return `600.${randomInt(1e9, 1e10)}`;
}

/** The living processes that have a text in their command line. */
export async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(text));
}

/** Waits until something holds, at most ten seconds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline_ms = Date.now() + 10_000;
  while (!await holds()) {
    if (Date.now() > deadline_ms) throw new Error("it did not come true within 10 s");
    await sleep(20);
  }
}

/** The part of an artifact that has one. */
export function onlyPart({ parts }: Manifest): ManifestPart {
  if (parts.length !== 1) throw new Error(`not one part: ${parts.length}`);
  return parts[0]!;
}

export const STEM = artifactStem({ type: "mariadb", name: "shop", created_at: new Date("2026-05-04T03:02:01Z"), backup_id: 7 });

/** Options to write a small SQL artifact that is all right. */
export function writeOptions(storage: Storage, more: Partial<WriteOptions> = {}): WriteOptions {
  const at = "2026-05-04T03:02:01Z";
  return {
    storage, stem: STEM, format: "sql", compression: "zstd", trailer: TRAILER,
    stages: [shell(`seq 1 50000; echo '${TRAILER} on 2026-05-04'`)],
    draft: () => ({
      backup_id: 7, job_id: 3, database: { id: 1, name: "shop", label: "The shop", type: "mariadb" },
      server: "MariaDB 10.11.19", server_version: "10.11.19", tool: { name: "mariadb-dump", version: "10.11.19", args: [] },
      contents: { tables: [{ name: "t", rows: 50_000, exact: true }] }, warnings: [], trigger: "manual",
      created_at: at, started_at: at, safebase_version: "0.1.0",
    }),
    ...more,
  };
}
