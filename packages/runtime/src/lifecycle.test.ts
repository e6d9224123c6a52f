import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { backoff_ms, pause } from "./lifecycle.ts";

const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
const IMPORTS = `import { mayDrain, runMain } from ${url("./lifecycle.ts")}; import { ConfigError } from ${url("./config.ts")};
  import { SafebaseError } from ${url("../../contracts/src/errors.ts")}; setInterval(() => {}, 1_000);`; // as open sockets do, it keeps the program alive

/** Runs a program around runMain; signals it as often as it says "signal me" or "terminate me". */
async function program(body: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", `${IMPORTS} ${body}`]);
  child.stdout.on("data", (data: Buffer) => { 
    if (data.includes("signal me")) child.kill("SIGINT");
    if (data.includes("terminate me")) child.kill("SIGTERM");
  });
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit") as Promise<[number | null]>, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

const SERVICE = (dispose: string): string => `{ async [Symbol.asyncDispose]() { ${dispose} } }`;

describe("a program's main", () => {
  it("disposes of what was started at the first signal and exits 0", async () => {
    const { code, stdout, stderr } = await program(`await runMain(async () => { setTimeout(() => console.log("signal me"), 50); return ${SERVICE(`console.log("disposed")`)}; })`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("disposed");
  });

  it.each([["terminate me", "drains"], ["signal me", "hurries"]])("after '%s' it %s", async (signal, outcome) => {
    const { code, stdout } = await program(`await runMain(async (_config, signal) => { setTimeout(() => console.log("${signal}"), 50);
      return ${SERVICE(`console.log(mayDrain(signal) ? "drains" : "hurries")`)}; })`);
    expect({ code, outcome: stdout.trim().split("\n").at(-1) }).toEqual({ code: 0, outcome });
  });

  it("exits at once at the second signal", async () => {
    const { code } = await program(`await runMain(async () => { setTimeout(() => console.log("signal me"), 50);
      return ${SERVICE(`console.log("signal me"); await new Promise(() => setInterval(() => {}, 1000))`)}; })`);
    expect(code).toBe(130);
  });

  it("ends quietly when it is told to during its start", async () => {
    const { code, stderr } = await program(`await runMain(async (_config, signal) => { setTimeout(() => console.log("signal me"), 50);
      await new Promise((done) => signal.addEventListener("abort", done)); throw new SafebaseError("canceled", "stopped"); })`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it.each([
    [`new ConfigError("SAFEBASE_PORT: too big")`, "safebase: SAFEBASE_PORT: too big\n"],
    [`new SafebaseError("client_missing", "nats-server is missing", { hint: "install it" })`, "safebase: nats-server is missing (install it)\n"],
  ])("says in one line why it could not start", async (error, line) => {
    const { code, stderr } = await program(`await runMain(async () => { throw ${error}; })`);
    expect({ code, stderr }).toEqual({ code: 1, stderr: line });
  });

  it("shows where an error comes from that nobody foresaw", async () => {
    const { code, stderr } = await program(`await runMain(async () => { throw new TypeError("surprise"); })`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/TypeError: surprise\n\s+at /);
  });
});

describe("pauses", () => {
  it("double up to their limit, spread, in whole milliseconds", () => {
    for (let attempt = 1; attempt <= 40; attempt++) {
      const full = Math.min(10_000, 100 * 2 ** (attempt - 1));
      const ms = backoff_ms(attempt);
      expect(Number.isInteger(ms)).toBe(true);
      expect(ms).toBeGreaterThanOrEqual(full / 2);
      expect(ms).toBeLessThanOrEqual(full);
    }
  });

  it("end at once when their signal aborts, before or during them", async () => {
    const start = performance.now();
    await pause(60_000, AbortSignal.abort());
    await pause(60_000, AbortSignal.timeout(20));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
