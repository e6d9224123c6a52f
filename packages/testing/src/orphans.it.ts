import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { mysqlMissing, tempDir, until } from "./index.ts";

const INDEX = new URL("index.ts", import.meta.url).href;

test("no server outlives a process that is killed", async () => {
  const script = `
    const { startPostgres, startMariadb, startMysql, startNats, mysqlMissing } = await import(${JSON.stringify(INDEX)});
    const starting = [startPostgres(), startMariadb(), startNats(), ...(mysqlMissing() === undefined ? [startMysql()] : [])];
    const ports = (await Promise.all(starting)).map((server) => server.port);
    process.stdout.write(JSON.stringify(ports));
    process.stdout.end();
    setInterval(() => {}, 1000);`;
  await using folder = await tempDir("orphans"); // what a killed process cannot remove
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR: folder.path },
  });
  const ports = JSON.parse(await text(child.stdout)) as number[];
  expect(ports).toHaveLength(mysqlMissing() === undefined ? 4 : 3);
  for (const port of ports) expect(await answers(port), `port ${port} before`).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  for (const port of ports) await until(`port ${port} to fall silent`, async () => !(await answers(port)), { timeout_ms: 10_000 });
});

/** Whether somebody listens: what he says to HTTP does not matter. */
async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch (error) {
    return !/ECONNREFUSED/.test(String((error as { cause?: unknown }).cause));
  }
}
