import type { Group, Section } from "./lab.ts";
import { megabytes, seconds, type Goal, type Report, type Table } from "./report.ts";
import { ratio, summarize, type Field } from "./statistics.ts";
import type { Series } from "./variant.ts";

/** A section's figures as tables, and which of the goals they reach. */
export function reportSection({ name, title, notes, server, idle_bytes, groups, left_out }: Section): Report {
  const sizes = groups.map(rawBytes).filter((size) => size !== undefined).map(megabytes);
  const about = [server, ...(sizes.length === 0 ? [] : [`${sizes.join(", ")} of dump`]), `SafeBase's process idle at ${megabytes(idle_bytes)}`].join(", ");
  return { name, title, about: groups.length === 0 ? "not measured" : about, notes, tables: groups.map(tableOf), goals: groups.flatMap(goalsOf), left_out };
}

function rawBytes({ series }: Group): number | undefined {
  return series.flatMap(({ runs }) => runs.map((run) => run.raw_size_bytes)).find((size) => typeof size === "number");
}

const PARTS: [Field, string][] = [["elapsed_ms", ""], ["synced_ms", "… and sync file"], ["inner_ms", "… started_at → finished_at"]];

function tableOf(group: Group): Table {
  const head = [group.title, "median", "min – max", "ratio", "of the minima", "stored", "own peak", "children"];
  return { head, rows: group.series.flatMap((series) => rowsOf(series, yardstick(series, group))) };
}

/** What its time is divided by: itself, when it is a yardstick. */
function yardstick(series: Series, group: Group): Series {
  const { against } = series;
  return against === undefined ? series : group.series.find(({ name }) => name === against.name) ?? series;
}

function rowsOf(series: Series, to: Series): string[][] {
  return PARTS.flatMap(([field, label]) => {
    const summary = summarize(series.runs, field);
    if (summary === undefined) return [];
    const { of_medians, of_minima } = ratio(series, to, field);
    const times = [seconds(summary.median_ms), `${seconds(summary.min_ms)} – ${seconds(summary.max_ms)}`, of_medians.toFixed(2), of_minima.toFixed(2)];
    return [label === "" ? [nameOf(series), ...times, ...storedAndPeaks(series)] : [label, ...times, "", "", ""]];
  });
}

const nameOf = ({ name, role }: Series): string => (role === "replica" ? `replica: ${name}` : name);

function storedAndPeaks({ runs }: Series): string[] {
  const stored = runs[0]?.size_bytes;
  const peak = (of: "own_bytes" | "children_bytes"): string => {
    const seen = runs.map((run) => run.memory?.[of]).filter((value) => value !== undefined);
    return seen.length === 0 ? "" : megabytes(Math.max(...seen));
  };
  return [stored === undefined ? "" : megabytes(stored), peak("own_bytes"), peak("children_bytes")];
}

/** Ours within their ratios, and faster than every replica. */
function goalsOf(group: Group): Goal[] {
  const of = (text: string): string => `${group.title}: ${text}`;
  const ours = group.series.find(({ role }) => role === "safebase");
  return group.series.flatMap((series): Goal[] => {
    const { name, role, against } = series;
    if (role === "replica" && ours !== undefined) {
      const value = ratio(series, ours).of_medians;
      return [{ what: of(`${ours.name} faster than the replica of ${name}`), value: `${value.toFixed(2)} × as fast`, reached: value > 1 }];
    }
    if (against?.at_most === undefined) return [];
    const { of_medians, of_minima } = ratio(series, yardstick(series, group));
    const what = of(`${name} ≤ ${against.at_most.toFixed(2)} × ${against.name}`);
    return [{ what, value: `${of_medians.toFixed(3)} × (of the minima ${of_minima.toFixed(3)} ×)`, reached: of_medians <= against.at_most }];
  });
}
