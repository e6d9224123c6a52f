import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadConfig } from "@safebase/runtime";
import { tempDir } from "@safebase/testing";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const INSTALLED = "/opt/safebase";
/** From 250 on it looks at units that are not installed. */
const ANALYZE = Number(/^systemd (\d+)/.exec(spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1] ?? 0) >= 250;
if (!ANALYZE) console.warn("systemd's units are not put to systemd-analyze: it is not installed here, or too old");

describe.each(["safebase.service", "safebase-executor.service"])("%s", (name) => {
  const unit = readFileSync(join(import.meta.dirname, name), "utf8");
  const values = (key: string): string[] => [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value!);

  it.skipIf(!ANALYZE)("is understood by systemd, and leaves the program few rights", async () => {
    await using dir = await tempDir("units");
    const path = join(dir.path, name);
    writeFileSync(path, unit.replaceAll(INSTALLED, ROOT));
    const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8" });
    expect([status, stdout, stderr.split("\n").filter((line) => line.includes(name))]).toEqual([0, "", []]); // it warns of the machine's own units, too
    const exposure = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", path], { encoding: "utf8" });
    expect(exposure.status, exposure.stdout + exposure.stderr).toBe(0);
  });

  it("starts what is there, with settings that are known, and waits longer for its end than it drains", () => {
    const [command = ""] = values("ExecStart");
    const program = command.split(" ").find((word) => word.startsWith(INSTALLED) || word.endsWith(".ts")) ?? "";
    expect(existsSync(resolve(ROOT, program.replace(`${INSTALLED}/`, ""))), command).toBe(true);
    for (const [, page] of unit.matchAll(/file:\/opt\/safebase\/(\S+\.md)/g)) expect(page).toMatch(/^docs\/[a-z-]+\.md$/);
    const env = Object.fromEntries(values("Environment").flatMap((line) => line.split(" ")).map((pair) => pair.split(/=(.*)/s) as [string, string]));
    const { drain_s } = loadConfig(env);
    expect(Number(values("TimeoutStopSec")[0])).toBeGreaterThanOrEqual(drain_s + 30);
  });

  it("may write where systemd has made a place for it, and nowhere else", () => {
    expect(values("ProtectSystem")).toEqual(["strict"]);
    expect([values("StateDirectory"), values("CacheDirectory"), values("ReadWritePaths")]).toEqual([[name.replace(".service", "")], [name.replace(".service", "")], []]);
    expect(values("User")).toEqual(["safebase"]);
  });
});
