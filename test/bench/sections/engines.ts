import { DECRYPT, ENCRYPT, withIdentity } from "../age.ts";
import { backupLines, NATIVE, restoreLine } from "../bare.ts";
import { openLab, type Context, type Section } from "../lab.ts";
import type { BenchEngine } from "../options.ts";
import { newKey } from "../system.ts";
import type { Variant } from "../variant.ts";

const ONE_STREAM_MAX = 1.05;
const ENCRYPTED_MAX = 1.1;

/** One stream to and from a local folder, encrypted and not, beside the lines that do the same. */
export async function measureEngine(engine: BenchEngine, context: Context): Promise<Section> {
  await using lab = await openLab(engine, context);
  const { signal } = context;
  await using filled = await lab.fill("shop");
  const subject = await withIdentity(filled, signal);
  const plain = await lab.jobs(filled), encrypted = await lab.jobs(filled, await newKey(lab.system));
  const { dump, shown, dump_sql, shown_sql, load, shown_load } = NATIVE[engine];

  const bare = `${shown} | zstd -3 > file`, bareAge = `${shown} | zstd -3 | age > file`;
  const [first, ...others] = backupLines(subject, [
    { name: bare, line: `${dump} | zstd -3 -q > "$1"`, file: "bare.zst" },
    { name: bareAge, line: `${dump} | zstd -3 -q | ${ENCRYPT} > "$1"`, file: "bare.zst.age" },
    { name: `${shown} | zstd -3 -T0 --check > file`, line: `${dump} | zstd -3 -T0 --check -q > "$1"`, file: "bare-t0.zst", against: { name: bare } },
    { name: `${shown_sql} | gzip > file`, line: `${dump_sql} | gzip > "$1"`, file: "bare.gz", role: "replica", against: { name: bare } },
  ], signal) as [Variant, ...Variant[]];
  const backup = await lab.rounds("backup", [
    first,
    { name: "SafeBase", role: "safebase", against: { name: bare, at_most: ONE_STREAM_MAX }, run: plain.backup },
    { name: "SafeBase, encrypted", role: "safebase", against: { name: bareAge, at_most: ENCRYPTED_MAX }, run: encrypted.backup },
    ...others,
  ]);

  const back = `zstd -d < file | ${shown_load}`, backAge = `age -d < file | zstd -d | ${shown_load}`;
  const restore = await lab.rounds("restore into a new database", [
    restoreLine(subject, { name: back, line: `zstd -dcq < "$1" | ${load}`, file: "bare.zst" }, signal),
    { name: "SafeBase", role: "safebase", against: { name: back, at_most: ONE_STREAM_MAX }, run: plain.restore },
    restoreLine(subject, { name: backAge, line: `${DECRYPT} < "$1" | zstd -dcq | ${load}`, file: "bare.zst.age" }, signal),
    { name: "SafeBase, encrypted", role: "safebase", against: { name: backAge, at_most: ENCRYPTED_MAX }, run: encrypted.restore },
  ]);
  return {
    name: engine, title: `${TITLES[engine]}: one stream to a local folder, and back`, notes: [], server: lab.server,
    idle_bytes: lab.idle_bytes, groups: [backup, restore], left_out: [],
  };
}

const TITLES: Record<BenchEngine, string> = { postgresql: "PostgreSQL", mariadb: "MariaDB" };
