import { parseArgs } from "node:util";

export const USAGE = `npm run bench -- [options]
  --size N        about that much SQL in each database, such as 100m or 4g (1g; with --memory 4g)
  --repeat N      runs of each variant, one variant after the other (3)
  --engine NAME   postgresql, mariadb or all (all)
  --memory        instead of times: the memory of SafeBase's process at a fortieth of --size and at --size
  --schedules N   instead: N schedules that are all due in one minute, and how late the scheduler is (about four minutes)
  --json FILE     writes every figure into a file too
`;

const ENGINES = ["postgresql", "mariadb"] as const;
export type BenchEngine = (typeof ENGINES)[number];

export interface Options {
  readonly size_bytes: number;
  readonly repeat: number;
  readonly engines: readonly BenchEngine[];
  readonly memory: boolean;
  readonly schedules: number | undefined;
  readonly json: string | undefined;
}

/** A wrong option, in a sentence for whoever gave it. */
export class UsageError extends Error {}

/** The options, or undefined when only the usage was asked for. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = read(args);
  if (values.help === true) return undefined;
  const memory = values.memory ?? false;
  const repeat = Number(values.repeat ?? 3);
  if (!Number.isSafeInteger(repeat) || repeat < 1) throw new UsageError(`--repeat must be a whole number from 1, got "${values.repeat}"`);
  const schedules = values.schedules === undefined ? undefined : Number(values.schedules);
  if (schedules !== undefined && !(Number.isSafeInteger(schedules) && schedules >= 1)) throw new UsageError(`--schedules must be a whole number from 1, got "${values.schedules}"`);
  return { size_bytes: parseSize(values.size ?? (memory ? "4g" : "1g")), repeat, engines: parseEngines(values.engine ?? "all"), memory, schedules, json: values.json };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        size: { type: "string" }, repeat: { type: "string" }, engine: { type: "string" }, json: { type: "string" }, schedules: { type: "string" },
        memory: { type: "boolean" }, help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function parseEngines(name: string): readonly BenchEngine[] {
  const wanted = ENGINES.filter((engine) => name === "all" || name === engine);
  if (wanted.length === 0) throw new UsageError(`--engine must be ${ENGINES.join(", ")} or all, got "${name}"`);
  return wanted;
}

const UNITS: Record<string, number> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

function parseSize(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([kmg]?)b?$/i.exec(text);
  const size_bytes = Number(found?.[1]) * (UNITS[(found?.[2] ?? "?").toLowerCase()] ?? Number.NaN);
  if (!(size_bytes >= 1e6)) throw new UsageError(`--size must be a number from 1m, such as 100m or 4g, got "${text}"`);
  return size_bytes;
}
