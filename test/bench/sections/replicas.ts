import { cpus } from "node:os";
import { bareBackup } from "../bare.ts";
import { openLab, type Context, type LeftOut, type Section } from "../lab.ts";
import { missingTool, REPLICAS, replicaVariant } from "../replicas.ts";
import type { Subject } from "../subject.ts";
import { newKey } from "../system.ts";
import { safebase, type Variant } from "../variant.ts";

/** The same PostgreSQL database as other tools back it up, done again with their own programs. */
export async function measureReplicas(context: Context): Promise<Section> {
  await using lab = await openLab("postgresql", context);
  await using subject = await lab.fill("shop");
  const plain = await lab.jobs(subject), encrypted = await lab.jobs(subject, await newKey(lab.system));
  const bare = bareBackup(subject, context.signal);
  const { replicas, left_out } = await replicasThatGo(subject, bare, context.signal);
  const group = await lab.rounds("backup", [
    bare,
    safebase("SafeBase", bare, undefined, plain.backup),
    safebase("SafeBase, encrypted", bare, undefined, encrypted.backup),
    ...replicas,
  ]);
  return { name: "replicas", title: "PostgreSQL: what other tools do", notes: NOTES, server: lab.server, idle_bytes: lab.idle_bytes, groups: [group], left_out };
}

/** Each is run once before the clock counts: a tool that does not go on this machine is left out, and says why. */
async function replicasThatGo(subject: Subject, bare: Variant, signal: AbortSignal): Promise<{ replicas: Variant[]; left_out: LeftOut[] }> {
  const replicas: Variant[] = [], left_out: LeftOut[] = [];
  for (const replica of REPLICAS) {
    const reason = missingTool(replica) ?? await failure(replicaVariant(replica, subject, bare.name, signal), signal);
    if (reason === undefined) replicas.push(replicaVariant(replica, subject, bare.name, signal));
    else left_out.push({ what: replica.name, reason });
  }
  return { replicas, left_out };
}

async function failure(variant: Variant, signal: AbortSignal): Promise<string | undefined> {
  try {
    await variant.run();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return (error as Error).message;
  }
}

const NOTES = [
  "Replicas are lines that we wrote, with the programs that these tools use and their usual options; they are not those tools' own benchmarks. Each begins with an empty repository, but where the name says otherwise.",
  "restic encrypts and removes duplicates, borg does the latter: both store little when little has changed, while SafeBase stores every backup whole. "
    + `pgBackRest copies files, here with ${cpus().length} processes: it restores whole servers only, of the same version, but to any moment where WAL is archived, which it is not here.`,
];
