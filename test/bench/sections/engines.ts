import { DECRYPT, ENCRYPT, withIdentity } from "../age.ts";
import { backupLine, bareBackup, bareRestore, NATIVE, restoreLine } from "../bare.ts";
import { openLab, type Context, type Section } from "../lab.ts";
import type { BenchEngine } from "../options.ts";
import type { Jobs } from "../safebase.ts";
import type { Subject } from "../subject.ts";
import { newKey } from "../system.ts";
import { ENCRYPTED_MAX, ONE_STREAM_MAX, safebase, type Variant } from "../variant.ts";

const TITLES: Record<BenchEngine, string> = { postgresql: "PostgreSQL", mariadb: "MariaDB" };

/** One stream to and from a local folder, encrypted and not, beside the lines that do the same. */
export async function measureEngine(engine: BenchEngine, context: Context): Promise<Section> {
  await using lab = await openLab(engine, context);
  await using filled = await lab.fill("shop");
  const subject = await withIdentity(filled, context.signal);
  const ours = { plain: await lab.jobs(filled), encrypted: await lab.jobs(filled, await newKey(lab.system)) };
  const backup = await lab.rounds("backup", backups(engine, subject, ours, context.signal));
  const restore = await lab.rounds("restore into a new database", restores(engine, subject, ours, context.signal));
  return {
    name: engine, title: `${TITLES[engine]}: one stream to a local folder, and back`, notes: [], server: lab.server,
    idle_bytes: lab.idle_bytes, groups: [backup, restore], left_out: [],
  };
}

interface Ours { readonly plain: Jobs; readonly encrypted: Jobs }

function backups(engine: BenchEngine, subject: Subject, ours: Ours, signal: AbortSignal): Variant[] {
  const { dump, shown, dump_sql, shown_sql } = NATIVE[engine];
  const bare = bareBackup(subject, signal), against = { name: bare.name };
  const bareAge = backupLine(subject, { name: `${shown} | zstd -3 | age > file`, line: `${dump} | zstd -3 -q | ${ENCRYPT} > "$1"`, file: "bare.zst.age" }, signal);
  return [
    bare,
    safebase("SafeBase", bare, ONE_STREAM_MAX, ours.plain.backup),
    safebase("SafeBase, encrypted", bareAge, ENCRYPTED_MAX, ours.encrypted.backup),
    bareAge,
    backupLine(subject, { name: `${shown} | zstd -3 -T0 --check > file`, line: `${dump} | zstd -3 -T0 --check -q > "$1"`, file: "bare-t0.zst", against }, signal),
    backupLine(subject, { name: `${shown_sql} | gzip > file`, line: `${dump_sql} | gzip > "$1"`, file: "bare.gz", role: "replica", against }, signal),
  ];
}

function restores(engine: BenchEngine, subject: Subject, ours: Ours, signal: AbortSignal): Variant[] {
  const { load, shown_load } = NATIVE[engine];
  const bare = bareRestore(subject, signal);
  const bareAge = restoreLine(subject, { name: `age -d < file | zstd -d | ${shown_load}`, line: `${DECRYPT} < "$1" | zstd -dcq | ${load}`, file: "bare.zst.age" }, signal);
  return [
    bare,
    safebase("SafeBase", bare, ONE_STREAM_MAX, ours.plain.restore),
    safebase("SafeBase, encrypted", bareAge, ENCRYPTED_MAX, ours.encrypted.restore),
    bareAge,
  ];
}
