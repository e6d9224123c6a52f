import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { tempDir, until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { processTree, startProgram, stillRunning } from "./program.ts";

const MAIN = "test/bench/main.ts";

interface Series { name: string; runs: { elapsed_ms: number; size_bytes?: number; memory?: { own_bytes: number; children_bytes: number } }[] }
interface Figures { results: { engine: string; idle_bytes: number; backup: Series[]; restore: Series[]; sizes: { size_bytes: number; backup: { own_bytes: number } }[]; schedules: number; plans: number; emitted: number; doubled: number; lateness_ms: number[] }[] }

describe("the benchmark", () => {
  it("measures every variant on both engines and leaves nothing", async () => {
    await using dir = await tempDir("bench-test");
    const { results } = await bench(["--size", "5m", "--repeat", "1"], dir.path);
    expect(results.map(({ engine }) => engine)).toEqual(["postgresql", "mariadb"]);
    for (const { backup, restore, idle_bytes } of results) {
      expect([backup.length, restore.length]).toEqual([5, 2]);
      for (const { runs } of [...backup, ...restore]) expect(runs.map((run) => run.elapsed_ms > 1)).toEqual([true]);
      for (const { name, runs } of backup) expect(runs[0]?.size_bytes, name).toBeGreaterThan(300_000);
      const ours = [...backup, ...restore].filter(({ name }) => name.startsWith("SafeBase"));
      expect(ours).toHaveLength(2);
      for (const { runs } of ours) expect(runs[0]?.memory?.own_bytes).toBeGreaterThan(idle_bytes / 2);
    }
    expect(await readdir(dir.path)).toEqual(["figures.json"]);
  });

  it("measures memory over two sizes", async () => {
    await using dir = await tempDir("bench-test");
    const { results } = await bench(["--memory", "--size", "8m", "--engine", "mariadb"], dir.path);
    expect(results.map(({ sizes }) => sizes.map((size) => size.size_bytes))).toEqual([[200_000, 8_000_000]]);
    expect(results[0]?.sizes[1]?.backup.own_bytes).toBeGreaterThan(50e6);
  });

  it("has many schedules come due in one minute, and finds every event", async () => {
    await using dir = await tempDir("bench-test");
    const { results } = await bench(["--schedules", "200"], dir.path);
    expect(results.map(({ schedules, plans, emitted, doubled }) => [schedules, plans, emitted, doubled])).toEqual([[200, 200, 200, 0], [200, 1, 200, 0]]);
    for (const { lateness_ms } of results) {
      expect(lateness_ms).toHaveLength(200);
      expect(lateness_ms.every((late_ms) => late_ms > -50)).toBe(true); // by two clocks, but of one machine
    }
    expect(await readdir(dir.path)).toEqual(["figures.json"]);
  }, 240_000);

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

  it.each([["--size", "much"], ["--repeat", "0"], ["--engine", "oracle"], ["--schedules", "none"], ["--nosuch"]])("refuses %s %s", async (...args) => {
    await using program = startProgram(MAIN, {}, args);
    expect(await program.ended()).toBe(2);
    expect(program.output()).toMatch(/^bench: .*--(size|repeat|engine|schedules|nosuch)/);
  });
});

async function bench(args: string[], dir: string): Promise<Figures> {
  const json = join(dir, "figures.json");
  await using program = startProgram(MAIN, { TMPDIR: dir }, [...args, "--json", json]);
  expect(await program.ended(), program.output()).toBe(0);
  return JSON.parse(await readFile(json, "utf8")) as Figures;
}
