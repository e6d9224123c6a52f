import { rm } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { NATIVE, backupLines, restoreLine } from "../bare.ts";
import { ifOffered, openLab, type Context, type Lab, type LeftOut, type Section } from "../lab.ts";
import { runLine } from "../native.ts";
import type { Jobs } from "../safebase.ts";
import type { Subject } from "../subject.ts";
import type { Run, Variant } from "../variant.ts";

/** As many parts at once as there are cores, and twice as many. */
const CORES = cpus().length;
const COUNTS = CORES === 1 ? [2] : [CORES, CORES * 2];
/** What two medians of the same work may differ by. */
const NO_SLOWER = 1.02;
const { dump, load, shown, shown_load } = NATIVE.postgresql;
const ONE = "SafeBase, one part";

/** One part and several, to a local folder and back. */
export async function measureParts(context: Context): Promise<Section> {
  await using lab = await openLab("postgresql", context);
  const { signal } = context;
  await using subject = await lab.fill("shop");
  const bare = `${shown} | zstd -3 > file`, back = `zstd -d < file | ${shown_load}`;
  const one = await lab.jobs(subject);
  const { several, left_out } = await severalParts(lab, subject);
  const directory = `pg_dump -Fd -j${CORES}`;

  const backup = await lab.rounds("backup", [
    ...backupLines(subject, [{ name: bare, line: `${dump} | zstd -3 -q > "$1"`, file: "bare.zst" }], signal),
    safebase(ONE, { name: bare }, one.backup),
    ...several.map(({ name, jobs }) => safebase(name, { name: ONE, at_most: NO_SLOWER }, jobs.backup)),
    directoryDump(subject, directory, bare, signal),
  ]);
  const restore = await lab.rounds("restore into a new database", [
    restoreLine(subject, { name: back, line: `zstd -dcq < "$1" | ${load}`, file: "bare.zst" }, signal),
    safebase(ONE, { name: back }, one.restore),
    ...several.map(({ name, jobs }) => safebase(name, { name: ONE, at_most: 1 }, jobs.restore)),
    restoreLine(subject, {
      name: `pg_restore -j${CORES} -d new, of ${directory}`, line: `pg_restore -j${CORES} --exit-on-error --no-password --dbname="$2" "$1"`, file: DIRECTORY, against: { name: back },
    }, signal),
  ]);
  return {
    name: "parts", title: "PostgreSQL: several parts at once", server: lab.server, idle_bytes: lab.idle_bytes, groups: [backup, restore], left_out,
    notes: [`This machine has ${CORES} core${CORES === 1 ? "" : "s"}, which the server, its sessions and compression share. A dump of one part keeps two of them busy; on more, each part adds one.`],
  };
}

const DIRECTORY = "directory";

/** Each number of parts that the API takes. */
async function severalParts(lab: Lab, subject: Subject): Promise<{ several: { name: string; jobs: Jobs }[]; left_out: LeftOut[] }> {
  const several: { name: string; jobs: Jobs }[] = [], left_out: LeftOut[] = [];
  for (const count of COUNTS) {
    const name = `SafeBase, jobs: ${count}`;
    const jobs = await lab.jobs(subject, {}, { jobs: count });
    const tried = await ifOffered(name, jobs.backup);
    if ("left_out" in tried) left_out.push(tried.left_out);
    else several.push({ name, jobs });
  }
  return { several, left_out };
}

/** PostgreSQL's own way, with the fastest of its own compressions. */
function directoryDump(subject: Subject, name: string, bare: string, signal: AbortSignal): Variant {
  const line = `pg_dump --no-password -Fd -j${CORES} -Z1 -f "$1"`;
  const run = async (): Promise<Run> => {
    const folder = join(subject.folder, DIRECTORY);
    await rm(folder, { recursive: true, force: true });
    return { elapsed_ms: await runLine(line, [folder], subject.env, signal) };
  };
  return { name: `${name} -Z1`, role: "bare", against: { name: bare }, run };
}

const safebase = (name: string, against: NonNullable<Variant["against"]>, run: Variant["run"]): Variant => ({ name, role: "safebase", against, run });
