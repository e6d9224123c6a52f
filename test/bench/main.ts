import { writeFile } from "node:fs/promises";
import { measureGrowth } from "./growth.ts";
import type { Context, Section } from "./lab.ts";
import { describeMachine } from "./machine.ts";
import { parseOptions, USAGE, UsageError, type Options, type SectionName } from "./options.ts";
import { writePage } from "./page.ts";
import { formatReport, type Report } from "./report.ts";
import { reportApi } from "./report-api.ts";
import { reportControl } from "./report-control.ts";
import { reportGrowth } from "./report-growth.ts";
import { reportRushes } from "./report-rushes.ts";
import { reportSection } from "./report-section.ts";
import { measureRushes } from "./schedules.ts";
import { measureApi } from "./sections/api.ts";
import { measureControl } from "./sections/control.ts";
import { measureEngine } from "./sections/engines.ts";
import { measureParts } from "./sections/parts.ts";
import { measureReplicas } from "./sections/replicas.ts";
import { measureS3 } from "./sections/s3.ts";
import { measureShapes } from "./sections/shapes.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Measures what was asked for. The exit code tells whether everything ran, never how fast. */
async function bench(options: Options, args: readonly string[], signal: AbortSignal): Promise<void> {
  const machine = describeMachine();
  say(Object.entries(machine).map(([name, value]) => `${name} ${String(value)}`).join(" · "));
  const results: unknown[] = [], reports: Report[] = [];
  const command = `npm run bench -- ${args.join(" ")}`.replace(/ -- $/, "");
  for await (const { figures, report } of measure({ options, signal, say })) {
    say(formatReport(report));
    results.push(figures);
    reports.push(report);
    if (options.page !== undefined) await writePage(options.page, report, machine, command); // what comes next may fail
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ machine, options, results, reports }, undefined, 2)}\n`);
}

interface Measured { readonly figures: unknown; readonly report: Report }

async function* measure(context: Context): AsyncGenerator<Measured> {
  const { schedules, growth, only } = context.options;
  if (schedules !== undefined) {
    const rushes = await measureRushes(schedules, context.signal, say);
    yield { figures: rushes, report: reportRushes(rushes) };
  } else if (growth) {
    const figures = await measureGrowth(context);
    yield { figures, report: reportGrowth(figures) };
  } else for (const name of only) {
    if (name === "api") {
      const figures = await measureApi(context);
      yield { figures, report: reportApi(figures) };
      continue;
    }
    if (name === "control") {
      const figures = await measureControl(context);
      yield { figures, report: reportControl(figures) };
      continue;
    }
    const figures = await SECTIONS[name](context);
    yield { figures, report: reportSection(figures) };
  }
}

const SECTIONS: Record<Exclude<SectionName, "api" | "control">, (context: Context) => Promise<Section>> = {
  postgresql: (context) => measureEngine("postgresql", context), mariadb: (context) => measureEngine("mariadb", context),
  s3: measureS3, parts: measureParts, shapes: measureShapes, replicas: measureReplicas,
};

async function main(): Promise<number> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const args = process.argv.slice(2), options = parseOptions(args);
    if (options === undefined) say(USAGE);
    else await bench(options, args, stopping.signal);
    return 0;
  } catch (error) {
    if (stopping.signal.aborted) return 130;
    process.stderr.write(error instanceof UsageError ? `bench: ${error.message}\n\n${USAGE}` : `bench: ${(error as Error).stack}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main();
