import { runLine } from "./native.ts";
import type { Run, Series, Variant } from "./variant.ts";

/** Runs the variants in turn, in rounds, so that a drift of the machine hits all of them. */
export async function inTurn(variants: readonly Variant[], repeat: number, signal: AbortSignal, say: (line: string) => void): Promise<Series[]> {
  const series = variants.map(({ run: _run, ...variant }) => ({ ...variant, runs: [] as Run[] }));
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
