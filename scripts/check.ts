import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join, resolve } from "node:path";

const PROJECT_DIR = resolve(import.meta.dirname, "..");
const FOLDERS = ["packages", "services", "cli", "web", "test", "scripts", "deploy"].filter((name) => existsSync(join(PROJECT_DIR, name)));

/** What `npm run check` holds, each a program of node_modules; one failure does not hide the others. */
const CHECKS = [
  { name: "types", script: "typescript/bin/tsc", args: ["--noEmit", "-p", "."] },
  { name: "types of the web", script: "typescript/bin/tsc", args: ["--noEmit", "-p", "web"] },
  { name: "lint", script: "oxlint/bin/oxlint", args: ["--type-aware", "--deny-warnings", ...FOLDERS] },
  { name: "boundaries", script: "dependency-cruiser/bin/dependency-cruiser.mjs", args: ["--output-type", "err-long", ...FOLDERS] },
  { name: "unused code", script: "knip/bin/knip.js", args: ["--no-progress"] },
];

/** Runs every check, prints a line for each and the output of those that fail; returns the names of these. */
export async function check(): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, script, args } of CHECKS) {
    const start_ms = performance.now();
    const { status, output } = await runScript(script, args);
    const seconds = ((performance.now() - start_ms) / 1000).toFixed(1);
    console.log(`check: ${name} ${status === 0 ? "ok" : "FAILED"} (${seconds} s)`);
    if (status === 0) continue;
    failed.push(name);
    console.log(output.trimEnd());
  }
  return failed;
}

async function runScript(script: string, args: string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [join(PROJECT_DIR, "node_modules", script), ...args], {
    cwd: PROJECT_DIR, stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  const [status, ...outputs] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, output: outputs.join("") };
}

if (import.meta.main) {
  const failed = await check();
  console.log(failed.length === 0 ? "check: all passed" : `check: ${failed.length} failed: ${failed.join(", ")}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
