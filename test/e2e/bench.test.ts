import { copyFile, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { tempDir, until } from "@safebase/testing";
import { nextPlanned } from "@safebase/runtime";
import { describe, expect, it } from "vitest";
import { plansDueAt } from "../bench/due-plans.ts";
import type { Section } from "../bench/lab.ts";
import { parseOptions } from "../bench/options.ts";
import type { Report } from "../bench/report.ts";
import { REPLICAS } from "../bench/replicas.ts";
import { processTree, startProgram, stillRunning } from "./program.ts";

const MAIN = "test/bench/main.ts";
const PAGE = resolve(import.meta.dirname, "../../docs/benchmarks.md");

interface Figures { results: Section[]; reports: Report[] }

describe("the benchmark", () => {
  it("measures every variant in turn, writes the page, and leaves nothing", async () => {
    await using dir = await tempDir("bench-test");
    const page = join(dir.path, "page.md");
    await copyFile(PAGE, page);
    const { results, reports } = await bench(["--size", "1m", "--repeat", "1", "--only", "s3,replicas", "--page", page], dir.path);
    expect(results.map(({ name }) => name)).toEqual(["s3", "replicas"]);
    for (const section of results) lookAt(section);
    const [s3, replicas] = results as [Section, Section];
    expect(s3.groups.length + s3.left_out.length).toBeGreaterThan(0);
    const told = [...replicas.groups.flatMap(({ series }) => series.filter(({ role }) => role === "replica")).map(({ name }) => name), ...replicas.left_out.map(({ what }) => what)];
    expect(told.sort()).toEqual(REPLICAS.map(({ name }) => name).sort());
    expect(told.length - replicas.left_out.length, JSON.stringify(replicas.left_out)).toBeGreaterThanOrEqual(4); // those that need nothing unpacked
    lookAtPage(await readFile(page, "utf8"), await readFile(PAGE, "utf8"), reports);
    expect((await readdir(dir.path)).sort()).toEqual(["figures.json", "page.md"]);
  }, 300_000);

  it("ends with all that it started at Ctrl-C", async () => {
    await using dir = await tempDir("bench-test");
    await using program = startProgram(MAIN, { TMPDIR: dir.path }, ["--size", "200m"]);
    await until("data to be made", () => program.output().includes("filling"), { timeout_ms: 60_000 });
    const tree = await processTree(program.pid);
    expect(tree.length).toBeGreaterThan(2);
    program.signal("SIGINT", "group");
    expect(await program.ended()).toBe(130);
    expect(await stillRunning(tree)).toEqual([]);
    expect(await readdir(dir.path)).toEqual([]);
  });

  it("has plans by the hundred that are all due in one minute", () => {
    const minute = new Date("2026-11-20T09:41:00Z");
    const plans = plansDueAt(minute, 500);
    expect(new Set(plans.map(({ cron, timezone }) => `${cron} ${timezone}`)).size).toBe(500);
    for (const plan of plans) expect(nextPlanned(plan, new Date(minute.getTime() - 1)), JSON.stringify(plan)).toEqual(minute);
  });

  it("tells what it wants of an option that it does not understand", async () => {
    for (const args of [["--size", "much"], ["--repeat", "0"], ["--only", "postgresql,oracle"], ["--schedules", "none"], ["--nosuch"]]) {
      expect(() => parseOptions(args)).toThrow(new RegExp(args[0] as string));
    }
    await using program = startProgram(MAIN, {}, ["--only", "oracle"]);
    expect(await program.ended()).toBe(2);
    expect(program.output()).toMatch(/^bench: --only must be some of postgresql, .*\n\nnpm run bench/);
  });
});

async function bench(args: string[], dir: string): Promise<Figures> {
  const json = join(dir, "figures.json");
  await using program = startProgram(MAIN, { TMPDIR: dir }, [...args, "--json", json]);
  expect(await program.ended(), program.output()).toBe(0);
  return JSON.parse(await readFile(json, "utf8")) as Figures;
}

/** Every variant has its run, and what is compared has what it is compared with. */
function lookAt({ name, groups, idle_bytes }: Section): void {
  for (const { title, series } of groups) {
    for (const { name: variant, runs, role, against } of series) {
      const what = `${name}, ${title}: ${variant}`;
      expect(runs.map((run) => run.elapsed_ms > 1), what).toEqual([true]);
      if (against !== undefined) expect(series.some((other) => other.name === against.name && other.role === "bare"), what).toBe(true);
      if (role === "safebase") expect(runs[0]?.memory?.own_bytes, what).toBeGreaterThan(idle_bytes / 2);
    }
  }
}

/** What was measured stands on the page, replicas called so; everything else of it is as before. */
function lookAtPage(page: string, before: string, reports: readonly Report[]): void {
  for (const { name, tables, goals, left_out } of reports) {
    const block = blockOf(page, name);
    for (const [label = "", ...cells] of tables.flatMap(({ rows }) => rows)) expect(block).toContain(`| ${label.replaceAll("|", "\\|")} | ${cells.join(" | ")} |`);
    for (const { what, value } of goals) expect(block).toContain(`- ${what}: ${value}`);
    for (const { what } of left_out) expect(block).toContain(`- ${what}: `);
    expect(block).toMatch(/\d{4}-\d\d-\d\d, \d+ cores?.* Node v24\./);
    if (tables.length > 0) expect(block).toMatch(/^\| replica: pg_dump/m);
  }
  expect(withoutBlocks(page, reports)).toBe(withoutBlocks(before, reports));
}

const blockOf = (page: string, name: string): string => page.slice(page.indexOf(`<!-- bench: ${name} -->`), page.indexOf(`<!-- end of ${name} -->`));
const withoutBlocks = (page: string, reports: readonly Report[]): string => reports.reduce((rest, { name }) => rest.replace(blockOf(rest, name), ""), page);
