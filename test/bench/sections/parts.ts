import { rm } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { bareBackup, bareRestore, restoreLine } from "../bare.ts";
import { openLab, type Context, type Section } from "../lab.ts";
import { runLine } from "../native.ts";
import type { Subject } from "../subject.ts";
import { safebase, type Run, type Variant } from "../variant.ts";

/** As many parts at once as there are cores, and twice as many. */
const CORES = cpus().length;
const COUNTS = CORES === 1 ? [2] : [CORES, CORES * 2];
/** What two medians of the same work may differ by. */
const NO_SLOWER = 1.02;
const FASTER = 1;
const ONE = "SafeBase, one part";

/** One part and several, to a local folder and back. */
export async function measureParts(context: Context): Promise<Section> {
  await using lab = await openLab("postgresql", context);
  await using subject = await lab.fill("shop");
  const one = await lab.jobs(subject);
  const several = await Promise.all(COUNTS.map(async (count) => ({ name: `SafeBase, ${count} parts`, jobs: await lab.jobs(subject, {}, { jobs: count }) })));

  const dump = bareBackup(subject, context.signal), load = bareRestore(subject, context.signal);
  const backupOfOne = safebase(ONE, dump, undefined, one.backup), restoreOfOne = safebase(ONE, load, undefined, one.restore);
  const [directoryDump, directoryLoad] = directory(subject, context.signal);
  const backup = await lab.rounds("backup", [
    dump, backupOfOne, ...several.map(({ name, jobs }) => safebase(name, backupOfOne, NO_SLOWER, jobs.backup)), { ...directoryDump, against: { name: dump.name } },
  ]);
  const restore = await lab.rounds("restore into a new database", [
    load, restoreOfOne, ...several.map(({ name, jobs }) => safebase(name, restoreOfOne, FASTER, jobs.restore)), { ...directoryLoad, against: { name: load.name } },
  ]);
  return {
    name: "parts", title: "PostgreSQL: several parts at once", server: lab.server, idle_bytes: lab.idle_bytes, groups: [backup, restore], left_out: [],
    notes: [`This machine has ${CORES} core${CORES === 1 ? "" : "s"}, which the server, its sessions and compression share. A dump of one part keeps two of them busy; on more, each part adds one.`],
  };
}

const DIRECTORY = "directory";

/** PostgreSQL's own way, with the fastest of its own compressions, and back. */
function directory(subject: Subject, signal: AbortSignal): [dump: Variant, load: Variant] {
  const name = `pg_dump -Fd -j${CORES} -Z1`;
  const run = async (): Promise<Run> => {
    const folder = join(subject.folder, DIRECTORY);
    await rm(folder, { recursive: true, force: true });
    return { elapsed_ms: await runLine(`pg_dump --no-password -Fd -j${CORES} -Z1 -f "$1"`, [folder], subject.env, signal) };
  };
  const line = `pg_restore -j${CORES} --exit-on-error --no-password --dbname="$2" "$1"`;
  return [{ name, role: "bare", run }, restoreLine(subject, { name: `pg_restore -j${CORES} -d new, of ${name}`, line, file: DIRECTORY }, signal)];
}
