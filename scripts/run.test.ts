import { spawn, spawnSync, type ChildProcess, type SpawnSyncReturns } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const RUN = join(import.meta.dirname, "run");
const NODE_DIR = dirname(process.execPath);
const STAND_IN = `process.on("SIGTERM", () => process.exit(7));
  process.stdout.write(String(process.pid) + "\\n");
  setInterval(() => {}, 1000);`;

let project: string;
let bin: string;

/** A project in little, set up completely, whose `npm start` is a stand-in; and a PATH of our making before the rest. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "safebase-setup-"));
  bin = join(project, "bin");
  for (const dir of ["bin", "scripts", "node_modules", "services/standalone/src", "web/src", "web/public", "web/dist", "packages/words/src"]) mkdirSync(join(project, dir), { recursive: true });
  cpSync(RUN, join(project, "scripts/run"));
  writeFileSync(join(project, "package.json"), '{"type": "module"}');
  writeFileSync(join(project, "package-lock.json"), "{}");
  writeFileSync(join(project, "node_modules/.setup-stamp"), `${createHash("sha256").update("{}").digest("hex")}  -\n${process.version}\n`);
  writeFileSync(join(project, "services/standalone/src/main.ts"), STAND_IN);
  for (const name of ["web/package.json", "web/build.ts", "web/index.html", "web/src/main.tsx", "packages/words/src/french.ts", "web/dist/index.html"]) writeFileSync(join(project, name), "");
  chmodSync(project, 0o755);
});
afterEach(() => rmSync(project, { recursive: true }));

test("does nothing and says nothing when nothing is missing", () => {
  const called = forbid("npm", "apt-get");
  const result = run(["setup", "start"], [bin, NODE_DIR, process.env["PATH"]!]);
  expect(result).toMatchObject({ status: 0, stdout: "", stderr: "" });
  expect(called()).toEqual([]);
});

test("calls npm when the lock has changed", () => {
  const called = forbid("npm", "apt-get");
  writeFileSync(join(project, "package-lock.json"), "{ }");
  const result = run(["setup", "start"], [bin, NODE_DIR, process.env["PATH"]!]);
  expect(result.status).toBe(1);
  expect(result.stderr).toMatch(/installing the packages of package-lock.json/);
  expect(called()).toEqual(["npm"]);
});

test.each([["a source is newer than the pages", "web/src/main.tsx", 60], ["their words are newer", "packages/words/src/french.ts", 60], ["the pages are older than all", "web/dist/index.html", -3600]])("builds the pages when %s", (_, file, later_s) => {
  const called = forbid("npm", "apt-get");
  const when = Date.now() / 1000 + later_s;
  utimesSync(join(project, file), when, when);
  expect(run(["setup", "start"], [bin, NODE_DIR, process.env["PATH"]!])).toMatchObject({ status: 1, stderr: expect.stringContaining("the pages of the web could not be built") });
  expect(called()).toEqual(["npm"]);
});

test("without root says which programs are missing and which packages hold them, and touches nothing", () => {
  for (const program of ["bash", "cat", "cut", "dirname", "id", "sha256sum", "sort", "tr", "gzip", "zip"]) {
    symlinkSync(spawnSync("which", [program], { encoding: "utf8" }).stdout.trim(), join(bin, program));
  }
  const result = run(["start"], [bin, NODE_DIR], process.getuid?.() === 0 ? 65_534 : undefined);
  expect(result.status).toBe(1);
  expect(result.stderr).toMatch(/programs are missing: .*pg_dump .*zstd .*bsdtar/);
  expect(result.stderr).toMatch(/apt-get install --no-install-recommends .*libarchive-tools .*postgresql-client .*zstd/);
  expect(result.stderr).not.toMatch(/ gzip | zip /);
  expect(existsSync(join(project, ".tools"))).toBe(false);
});

test("safebase needs no native program, and runs where npm was called", () => {
  for (const program of ["bash", "cat", "dirname", "id", "sha256sum"]) symlinkSync(spawnSync("which", [program], { encoding: "utf8" }).stdout.trim(), join(bin, program));
  mkdirSync(join(project, "cli/src"), { recursive: true });
  writeFileSync(join(project, "cli/src/main.ts"), "console.log(process.cwd(), ...process.argv.slice(2))");
  const result = run(["safebase", "list", "--limit", "2"], [bin, NODE_DIR], undefined, { INIT_CWD: bin });
  expect(result).toMatchObject({ status: 0, stdout: `${bin} list --limit 2\n`, stderr: "" });
});

test("becomes the program: its process, its signals, its status", async () => {
  const { child, pid } = await start("bash", [join(project, "scripts/run"), "start"]);
  expect(pid).toBe(child.pid);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([7, null]);
});

test("a signal to npm start reaches the program: nothing is left behind", async () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as { scripts: object };
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module", scripts }));
  const { child, pid } = await start("npm", ["--silent", "start"]);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([7, null]);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("explains itself when it is asked for something else", () => {
  expect(run(["nonsense"], [NODE_DIR, process.env["PATH"]!])).toMatchObject({ status: 2, stderr: expect.stringMatching(/scripts\/run start\|demo/) });
});

function run(args: string[], path: string[], uid?: number, env: Record<string, string> = {}): SpawnSyncReturns<string> {
  return spawnSync("/bin/bash", [join(project, "scripts/run"), ...args], {
    encoding: "utf8", env: { HOME: project, PATH: path.join(":"), ...env }, ...(uid === undefined ? {} : { uid, gid: uid }),
  });
}

/** Starts a command whose end is the stand-in, and waits for what that says first. */
async function start(command: string, args: string[]): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(command, args, {
    cwd: project, env: { ...process.env, PATH: `${NODE_DIR}:${process.env["PATH"]}` }, stdio: ["ignore", "pipe", "inherit"],
  });
  const [pid] = await once(child.stdout, "data") as [Buffer];
  return { child, pid: Number(pid.toString()) };
}

/** Puts programs on the PATH that fail and remember; returns those that were called. */
function forbid(...programs: string[]): () => string[] {
  const log = join(project, "called");
  for (const program of programs) {
    writeFileSync(join(bin, program), `#!/bin/sh\necho ${program} >> ${log}\nexit 1\n`, { mode: 0o755 });
  }
  return () => existsSync(log) ? [...new Set(readFileSync(log, "utf8").trim().split("\n"))] : [];
}
