import { writeFile } from "node:fs/promises";
import { compare } from "./compare.ts";
import { measureGrowth } from "./growth.ts";
import { describeMachine } from "./machine.ts";
import { parseOptions, USAGE, UsageError, type Options } from "./options.ts";
import { reportComparison, reportGrowth } from "./report.ts";
import { reportRushes } from "./report-rushes.ts";
import { measureRushes } from "./schedules.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Measures what was asked for. The exit code tells whether everything ran, never how fast. */
async function bench(options: Options, signal: AbortSignal): Promise<void> {
  const machine = describeMachine();
  say(Object.entries(machine).map(([name, value]) => `${name} ${value}`).join(" · "));
  const results: unknown[] = [];
  if (options.schedules !== undefined) {
    const rushes = await measureRushes(options.schedules, signal, say);
    results.push(...rushes);
    say(reportRushes(rushes));
  } else for (const engine of options.engines) {
    if (options.memory) {
      const growth = await measureGrowth(engine, options, signal, say);
      results.push(growth);
      say(reportGrowth(growth));
    } else {
      const comparison = await compare(engine, options, signal, say);
      results.push(comparison);
      say(reportComparison(comparison));
    }
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ machine, options, results }, undefined, 2)}\n`);
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options === undefined) say(USAGE);
    else await bench(options, stopping.signal);
    return 0;
  } catch (error) {
    if (stopping.signal.aborted) return 130;
    process.stderr.write(error instanceof UsageError ? `bench: ${error.message}\n\n${USAGE}` : `bench: ${(error as Error).stack}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main();
