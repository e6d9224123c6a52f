import { bareBackup, bareRestore } from "../bare.ts";
import type { Shape } from "../data/shapes.ts";
import { openLab, type Context, type Group, type Section } from "../lab.ts";
import { ONE_STREAM_MAX, safebase } from "../variant.ts";

const SHAPES: Partial<Record<Shape, string>> = { manyTables: "many small tables", wideTable: "one table of 400 columns", blobs: "large blobs and large objects" };

/** Databases that are no shop: where a dump's cost lies elsewhere. */
export async function measureShapes(context: Context): Promise<Section> {
  await using lab = await openLab("postgresql", context);
  const groups: Group[] = [];
  const { server, idle_bytes } = lab;
  for (const [shape, title] of Object.entries(SHAPES) as [Shape, string][]) {
    await using subject = await lab.fill(shape);
    const ours = await lab.jobs(subject);
    const backup = bareBackup(subject, context.signal), restore = bareRestore(subject, context.signal);
    groups.push(await lab.rounds(`${title}: backup`, [backup, safebase("SafeBase", backup, ONE_STREAM_MAX, ours.backup)]));
    groups.push(await lab.rounds(`${title}: restore`, [restore, safebase("SafeBase", restore, ONE_STREAM_MAX, ours.restore)]));
  }
  const notes = ["Many small tables are 5,000 (from --size 100m on) of 20 rows, a key and an index each; blobs are of up to 8 MB and do not compress, half of them are large objects."];
  return { name: "shapes", title: "PostgreSQL: databases of other shapes", notes, server, idle_bytes, groups, left_out: [] };
}
