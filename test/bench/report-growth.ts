import type { Growth, Whose } from "./growth.ts";
import { megabytes, type Goal, type Report, type Table } from "./report.ts";

const PEAK_MAX_BYTES = 150e6;
const FLAT_BYTES = 20e6;

const NAMES: Record<Whose, string> = { one: "all in one process", executor: "the executor as a process of its own" };
const WHOSE: readonly Whose[] = ["one", "executor"];

/** Peaks by size, and whether they stay where they are. */
export function reportGrowth({ server, idle_bytes, sizes }: Growth): Report {
  return {
    name: "growth", title: "Memory over databases of growing size", about: `${server}, one run of each`,
    notes: [
      "Backups are ordered without a number of parts, so large databases come in several.",
      "Own peak is the kernel's VmHWM, set back before each job: SafeBase's process, with Node itself. Children are the programs that it starts, which hold the data's way: the dump client, zstd, and in one process nats-server, too.",
      "The data is one table that compresses to its half, made inside the server.",
    ],
    tables: WHOSE.map((who) => tableOf(who, idle_bytes[who], sizes)), goals: WHOSE.flatMap((who) => goalsOf(who, sizes)), left_out: [],
  };
}

function tableOf(who: Whose, idle_bytes: number, sizes: Growth["sizes"]): Table {
  const head = [`${NAMES[who]}: idle ${megabytes(idle_bytes)}`, "backup: own peak", "children", "restore: own peak", "children"];
  const rows = sizes.map(({ size_bytes, peaks }) => {
    const { backup, restore } = peaks[who];
    return [`${megabytes(size_bytes)} of SQL`, ...[backup, restore].flatMap((peak) => [megabytes(peak.own_bytes), megabytes(peak.children_bytes)])];
  });
  return { head, rows };
}

function goalsOf(who: Whose, sizes: Growth["sizes"]): Goal[] {
  return (["backup", "restore"] as const).flatMap((job) => {
    const own = sizes.map(({ peaks }) => peaks[who][job].own_bytes);
    const [highest, grown_bytes] = [Math.max(...own), (own.at(-1) ?? 0) - (own[0] ?? 0)];
    return [
      { what: `${NAMES[who]}: ${job}'s peak ≤ ${megabytes(PEAK_MAX_BYTES)}`, value: megabytes(highest), reached: highest <= PEAK_MAX_BYTES },
      { what: `${NAMES[who]}: ${job}'s peak flat, that is no more than ${megabytes(FLAT_BYTES)} higher at the largest than at the smallest`, value: megabytes(grown_bytes), reached: grown_bytes <= FLAT_BYTES },
    ];
  });
}
