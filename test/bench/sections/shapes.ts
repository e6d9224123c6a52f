import { backupLines, NATIVE, restoreLine } from "../bare.ts";
import type { Shape } from "../data/shapes.ts";
import { openLab, type Context, type Group, type Section } from "../lab.ts";
import type { Variant } from "../variant.ts";

const RATIO_MAX = 1.05;

const SHAPES: Partial<Record<Shape, string>> = { manyTables: "many small tables", wideTable: "one table of 400 columns", blobs: "large blobs and large objects" };

/** Databases that are no shop: where a dump's cost lies elsewhere. */
export async function measureShapes(context: Context): Promise<Section> {
  await using lab = await openLab("postgresql", context);
  const groups: Group[] = [];
  const { server, idle_bytes } = lab;
  for (const [shape, title] of Object.entries(SHAPES) as [Shape, string][]) {
    await using subject = await lab.fill(shape);
    const { dump, load, shown, shown_load } = NATIVE.postgresql;
    const ours = await lab.jobs(subject);
    const bare = `${shown} | zstd -3 > file`, back = `zstd -d < file | ${shown_load}`;
    groups.push(await lab.rounds(`${title}: backup`, [
      ...backupLines(subject, [{ name: bare, line: `${dump} | zstd -3 -q > "$1"`, file: "bare.zst" }], context.signal),
      safebase(bare, ours.backup),
    ]), await lab.rounds(`${title}: restore`, [
      restoreLine(subject, { name: back, line: `zstd -dcq < "$1" | ${load}`, file: "bare.zst" }, context.signal),
      safebase(back, ours.restore),
    ]));
  }
  const notes = ["Many small tables are 5,000 (from --size 100m on) of 20 rows, a key and an index each; blobs are of up to 8 MB and do not compress, half of them are large objects."];
  return { name: "shapes", title: "PostgreSQL: databases of other shapes", notes, server, idle_bytes, groups, left_out: [] };
}

const safebase = (against: string, run: Variant["run"]): Variant => ({ name: "SafeBase", role: "safebase", against: { name: against, at_most: RATIO_MAX }, run });
