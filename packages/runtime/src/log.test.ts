import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const LOG = new URL("./log.ts", import.meta.url).href;

/** The log writes to the process's own stderr: so a process of its own writes it. */
function logged(code: string): { text: string; lines: Record<string, unknown>[] } {
  const script = `import { createLog } from ${JSON.stringify(LOG)}; const log = createLog("test", "info"); ${code}`;
  const { stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return { text: stderr, lines: stderr.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("the log", () => {
  it("writes JSON lines that name the service", () => {
    const { lines } = logged(`log.info({ job_id: 7 }, "started"); log.debug("unseen")`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ service: "test", msg: "started", job_id: 7, level: 30 });
  });

  it("cuts secrets, two levels deep", () => {
    const { text } = logged(`
      log.info({ password: "hush-1", a: { token: "hush-2", b: { secret: "hush-3", password_sealed: "hush-4" } } }, "m");
      log.info({ headers: { authorization: "hush-5", cookie: "hush-6" }, kept: "visible" }, "m");`);
    expect(text).toContain("visible");
    expect(text).not.toContain("hush");
  });
});
