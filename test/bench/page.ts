import { readFile, rename, writeFile } from "node:fs/promises";
import type { Machine } from "./machine.ts";
import type { Goal, Report, Table } from "./report.ts";

/**
 * Writes what was measured into a page, between the report's marks, and leaves everything else of the page as it is: reports of other
 * runs keep these runs' machine and date. A report that the page has no marks for comes at its end.
 */
export async function writePage(path: string, report: Report, machine: Machine, command: string): Promise<void> {
  const page = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "# Benchmarks\n";
    throw error;
  });
  await writeFile(`${path}.new`, replaceBlock(page, report.name, formatBlock(report, machine, command)));
  await rename(`${path}.new`, path);
}

function replaceBlock(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench: ${name} -->`, `<!-- end of ${name} -->`];
  const block = `${begin}\n${text}\n${end}`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  return from === -1 || to === -1 ? `${page.trimEnd()}\n\n${block}\n` : page.slice(0, from) + block + page.slice(to + end.length);
}

function formatBlock({ title, about, notes, tables, goals, left_out }: Report, machine: Machine, command: string): string {
  const lost = goals.filter(({ reached }) => !reached);
  return [
    `## ${title}`, `${about}. ${describe(machine)}. \`${command}\``, ...notes, ...tables.map(formatTable),
    ...goals.length === 0 ? [] : [goalLines("Reached", goals.filter(({ reached }) => reached)), goalLines("**Where SafeBase loses, or misses what it is to reach**", lost)],
    ...left_out.length === 0 ? [] : [["Left out:", ...left_out.map(({ what, reason }) => `- ${what}: ${oneLine(reason)}`)].join("\n")],
  ].join("\n\n");
}

function describe({ at, cores, cpu, memory_gb, kernel, versions, load_before }: Machine): string {
  return `${at.slice(0, 10)}, ${cores} core${cores === 1 ? "" : "s"} (${cpu}), ${memory_gb} GB, Linux ${kernel}, ${versions.join(", ")}; load before it began ${load_before}${load_before > cores / 2 ? DISTURBED : ""}`;
}

const DISTURBED = ", so other work had its share of the cores and the ratios may be far off";

function goalLines(title: string, goals: readonly Goal[]): string {
  return [`${title}:${goals.length === 0 ? " nothing." : ""}`, ...goals.map(({ what, value }) => `- ${what}: ${value}`)].join("\n");
}

function formatTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map((_, column) => (column === 0 ? "---" : "---:")).join("|")}|`, ...rows.map(line)].join("\n");
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, " ").slice(0, 300);
