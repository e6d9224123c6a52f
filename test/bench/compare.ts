import { bareBackups, bareRestore } from "./bare.ts";
import { runLine } from "./native.ts";
import { idleBytes } from "./memory.ts";
import type { BenchEngine, Options } from "./options.ts";
import { safebaseJobs } from "./safebase.ts";
import { startSubject } from "./subject.ts";
import { startSystem } from "./system.ts";
import type { Run, Variant } from "./variant.ts";
import { warmUp } from "./warm-up.ts";

export interface Comparison {
  readonly engine: BenchEngine;
  readonly server: string;
  readonly size_bytes: number;
  readonly idle_bytes: number;
  readonly backup: Series[];
  readonly restore: Series[];
}

/** All runs of a variant, in the order of the rounds: the nth of one ran beside the nth of the others. */
export interface Series { readonly name: string; readonly runs: readonly Run[] }

/** Measures one engine: the variants in turn, in rounds, so that a drift of the machine hits all of them. */
export async function compare(engine: BenchEngine, options: Options, signal: AbortSignal, say: (line: string) => void): Promise<Comparison> {
  await using system = await startSystem();
  await warmUp(system, engine, signal);
  const idle_bytes = await idleBytes(system.pid, signal);
  say(`${engine}: filling a database with about ${options.size_bytes / 1e6} MB of SQL …`);
  await using subject = await startSubject(engine, options.size_bytes, signal);
  say(`${engine}: filled in ${(subject.filled_ms / 1000).toFixed(0)} s`);
  const ours = safebaseJobs(system, subject, await system.register(subject.server, subject.db_name), signal);
  const [bare, ...others] = bareBackups(subject, signal) as [Variant, ...Variant[]];
  const rounds = (variants: Variant[]): Promise<Series[]> => inTurn(variants, options.repeat, signal, (line) => say(`${engine}: ${line}`));
  await bare.run(); // so that the first round finds the data where the later ones do
  const backup = await rounds([bare, ours.backup, ...others]);
  const restore = await rounds([bareRestore(subject, signal), ours.restore]);
  return { engine, server: `${engine} ${subject.server.version}`, size_bytes: options.size_bytes, idle_bytes, backup, restore };
}

async function inTurn(variants: readonly Variant[], repeat: number, signal: AbortSignal, say: (line: string) => void): Promise<Series[]> {
  const series = variants.map(({ name }) => ({ name, runs: [] as Run[] }));
  for (let round = 0; round < repeat; round++) {
    for (const step of variants.keys()) {
      const index = (step + round) % variants.length; // nobody always follows the same one
      await runLine("sync", [], {}, signal); // what the one before left to be written
      const run = await (variants[index] as Variant).run();
      series[index]?.runs.push(run);
      say(`round ${round + 1}: ${(run.elapsed_ms / 1000).toFixed(2)} s  ${series[index]?.name}`);
    }
  }
  return series;
}
