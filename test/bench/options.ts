import { parseArgs } from "node:util";

export const USAGE = `npm run bench -- [options]
  --size N        about that much SQL in each database, such as 100m or 4g (500m; with --growth 10g)
  --repeat N      runs of each variant, one variant after the other (3)
  --only NAMES    some of postgresql, mariadb, s3, parts, shapes, replicas, api, control, joined by commas (all)
  --growth        instead of times: memory at a hundredth of --size, at a tenth and at --size
  --schedules N   instead: N schedules that are all due in one minute, and how late the scheduler is (about four minutes)
  --json FILE     writes every figure into a file, too
  --page FILE     writes the tables into a page, too: docs/benchmarks.md is written so
`;

export const SECTIONS = ["postgresql", "mariadb", "s3", "parts", "shapes", "replicas", "api", "control"] as const;
export type SectionName = (typeof SECTIONS)[number];
export type BenchEngine = "postgresql" | "mariadb";

export interface Options {
  readonly size_bytes: number;
  readonly repeat: number;
  readonly only: readonly SectionName[];
  readonly growth: boolean;
  readonly schedules: number | undefined;
  readonly json: string | undefined;
  readonly page: string | undefined;
}

/** A wrong option, in a sentence for whoever gave it. */
export class UsageError extends Error {}

/** The options, or undefined when only the usage was asked for. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = read(args);
  if (values.help === true) return undefined;
  const growth = values.growth ?? false;
  return {
    size_bytes: parseSize(values.size ?? (growth ? "10g" : "500m")), repeat: parseCount("repeat", values.repeat ?? "3"), only: parseNames(values.only), growth,
    schedules: values.schedules === undefined ? undefined : parseCount("schedules", values.schedules), json: values.json, page: values.page,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        size: { type: "string" }, repeat: { type: "string" }, only: { type: "string" }, json: { type: "string" }, page: { type: "string" }, schedules: { type: "string" },
        growth: { type: "boolean" }, help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function parseCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new UsageError(`--${name} must be a whole number from 1, got "${text}"`);
  return count;
}

function parseNames(text: string | undefined): readonly SectionName[] {
  if (text === undefined) return SECTIONS;
  const names = text.split(",");
  const unknown = names.find((name) => !SECTIONS.some((section) => section === name));
  if (unknown !== undefined) throw new UsageError(`--only must be some of ${SECTIONS.join(", ")}, joined by commas, got "${unknown}"`);
  return SECTIONS.filter((section) => names.includes(section));
}

const UNITS: Record<string, number> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

function parseSize(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([kmg]?)b?$/i.exec(text);
  const size_bytes = Number(found?.[1]) * (UNITS[(found?.[2] ?? "?").toLowerCase()] ?? Number.NaN);
  if (!(size_bytes >= 1e6)) throw new UsageError(`--size must be a number from 1m, such as 100m or 4g, got "${text}"`);
  return size_bytes;
}
