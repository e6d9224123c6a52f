import { findComplete, MANIFEST_SUFFIX, parseStem, type Manifest } from "@safebase/artifact";
import { asSafebaseError, ENGINE_TYPES, SafebaseError } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import type { ScanCounts, ScanProblem } from "../catalog/scans.ts";
import type { Core } from "../jobs/deps.ts";
import { adopt, type Adopted, type Adopter } from "./adopt.ts";

/** So many manifests are read at once, and so many problems named; the rest is counted. */
const AT_ONCE = 4;
const NAMED_PROBLEMS = 100;

/** What was found so far. */
export class Findings {
  readonly #counts = { artifacts: 0, known: 0, backups: 0, copies: 0, databases: 0, left_out: 0 };
  readonly #problems: ScanProblem[] = [];

  add(adopted: Adopted): void {
    this.#counts.artifacts++;
    this.#counts[adopted.as]++;
    if (adopted.with_database) this.#counts.databases++;
  }

  leaveOut(key: string, problem: string): void {
    this.#counts.artifacts++;
    this.#counts.left_out++;
    if (this.#problems.length < NAMED_PROBLEMS) this.#problems.push({ key, problem });
  }

  get counts(): ScanCounts {
    return { ...this.#counts, problems: JSON.stringify(this.#problems) };
  }
}

/** Reads every manifest of a storage, the newest first where names tell it, and puts what the catalog lacks into it. */
export async function scanStorage(core: Pick<Core, "db" | "now" | "config">, storage: Storage, adopter: Adopter, tell: (findings: Findings) => Promise<void>, signal: AbortSignal): Promise<Findings> {
  const findings = new Findings();
  for (const type of ENGINE_TYPES) {
    const stems = await stemsIn(storage, `${type}/`);
    for (let done = 0; done < stems.length; done += AT_ONCE) {
      signal.throwIfAborted();
      const batch = await Promise.all(stems.slice(done, done + AT_ONCE).map((stem) => read(storage, stem, signal)));
      for (const found of batch) await take(core, storage, adopter, findings, found);
      await tell(findings);
    }
  }
  return findings;
}

/** Newest first: the last name that a database had is the one that it gets. */
async function stemsIn(storage: Storage, prefix: string): Promise<string[]> {
  const stems: string[] = [];
  for await (const { key } of storage.list(prefix)) if (key.endsWith(MANIFEST_SUFFIX)) stems.push(key.slice(0, -MANIFEST_SUFFIX.length));
  const madeAt = (stem: string): number => parseStem(stem)?.created_at.getTime() ?? 0;
  return stems.sort((a, b) => madeAt(b) - madeAt(a));
}

interface Found { readonly stem: string; readonly manifest?: Manifest; readonly problem?: string }

/** A storage that does not answer fails the scan; an artifact that is not whole is left out of it. */
async function read(storage: Storage, stem: string, signal: AbortSignal): Promise<Found> {
  try {
    const manifest = await findComplete(storage, stem, { signal });
    return manifest === undefined ? { stem, problem: "its data is missing, or not as long as its manifest says" } : { stem, manifest };
  } catch (error) {
    const { code, message, hint } = asSafebaseError(error);
    if (code !== "artifact_damaged" && code !== "artifact_missing" && code !== "bad_request") throw error;
    return { stem, problem: hint === undefined ? message : `${message}; ${hint}` };
  }
}

async function take(core: Pick<Core, "db" | "now" | "config">, storage: Storage, adopter: Adopter, findings: Findings, { stem, manifest, problem }: Found): Promise<void> {
  const key = stem + MANIFEST_SUFFIX;
  if (manifest === undefined) return findings.leaveOut(key, problem ?? "it cannot be read");
  try {
    findings.add(await core.db.transaction().execute((tx) => adopt(tx, core, { stem, manifest, storage: storage.id }, adopter)));
  } catch (error) {
    if (!(error instanceof SafebaseError) || error.code !== "conflict") throw error;
    findings.leaveOut(key, error.message);
  }
}
