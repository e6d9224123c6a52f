import { cpus } from "node:os";
import { NATIVE, backupLines } from "../bare.ts";
import { openLab, type Context, type LeftOut, type Section } from "../lab.ts";
import { newKey } from "../system.ts";
import type { Variant } from "../variant.ts";
import { missingTool, REPLICAS, replicaVariant } from "../replicas.ts";

/** The same PostgreSQL database as other tools back it up, done again with their own programs. */
export async function measureReplicas(context: Context): Promise<Section> {
  await using lab = await openLab("postgresql", context);
  await using subject = await lab.fill("shop");
  const plain = await lab.jobs(subject), encrypted = await lab.jobs(subject, await newKey(lab.system));
  const { dump, shown } = NATIVE.postgresql;
  const bare = `${shown} | zstd -3 > file`;
  const left_out = REPLICAS.flatMap((replica): LeftOut[] => {
    const reason = missingTool(replica);
    return reason === undefined ? [] : [{ what: replica.name, reason }];
  });
  const replicas: Variant[] = [];
  for (const replica of REPLICAS) {
    if (left_out.some(({ what }) => what === replica.name)) continue;
    const variant = replicaVariant(replica, subject, bare, context.signal);
    try {
      await variant.run(); // once before the clock counts: a tool that does not go here is left out
      replicas.push(variant);
    } catch (error) {
      context.signal.throwIfAborted();
      left_out.push({ what: replica.name, reason: (error as Error).message });
    }
  }
  const group = await lab.rounds("backup", [
    ...backupLines(subject, [{ name: bare, line: `${dump} | zstd -3 -q > "$1"`, file: "bare.zst" }], context.signal),
    { name: "SafeBase", role: "safebase", against: { name: bare }, run: plain.backup },
    { name: "SafeBase, encrypted", role: "safebase", against: { name: bare }, run: encrypted.backup },
    ...replicas,
  ]);
  return {
    name: "replicas", title: "PostgreSQL: what other tools do", server: lab.server, idle_bytes: lab.idle_bytes, groups: [group], left_out,
    notes: [
      "Replicas are lines that we wrote, with the programs that these tools use and their usual options; they are not those tools' own benchmarks. Each begins with an empty repository, but where the name says otherwise.",
      `restic encrypts and removes duplicates, borg does the latter; both store little when little has changed, which SafeBase does not: it stores every backup whole. pgBackRest copies files (with ${cpus().length} processes here): it can restore a whole server only, of the same version, but to any moment where WAL is archived, which it is not here.`,
    ],
  };
}
