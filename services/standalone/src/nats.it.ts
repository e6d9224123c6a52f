import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { Bus, createLog, work } from "@safebase/runtime";
import { STREAMS, subjects } from "@safebase/contracts";
import { tempDir, until } from "@safebase/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startEmbeddedNats } from "./nats.ts";

const log = createLog("standalone", "silent");
const never = new AbortController().signal;
const connectTo = ({ url, token }: { url: string; token?: string }): Promise<Bus> =>
  Bus.connect({ url, ...(token === undefined ? {} : { token }), name: "test", lease_ttl_ms: 60_000, log }, never);

afterEach(() => { vi.unstubAllEnvs(); });

describe("the embedded nats-server", () => {
  it("keeps its state in the data folder and its token to itself", async () => {
    await using dir = await tempDir("nats");
    await using nats = await startEmbeddedNats(dir.path, log, never);
    await using bus = await connectTo(nats);
    await using other = await connectTo({ url: nats.url.replace("nats://", `nats://${nats.token}@`) }); // as an executor elsewhere would
    expect([bus.connected, other.connected]).toEqual([true, true]);
    expect((await stat(join(dir.path, "nats/store/jetstream"))).isDirectory()).toBe(true);
    expect((await stat(join(dir.path, "nats/server.conf"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir.path, "nats"))).mode & 0o777).toBe(0o700);
    expect(await readFile(join(dir.path, "nats/server.conf"), "utf8")).toMatch(/^listen: "127\.0\.0\.1:\d+"$/m);
    expect(nats.token).toMatch(/^[0-9a-f]{48}$/);
    const pid = await pidIn(dir.path);
    for (const file of ["cmdline", "environ"]) expect(await readFile(`/proc/${pid}/${file}`, "utf8")).not.toContain(nats.token);
  });

  it("lets nobody in without the token", async () => {
    await using dir = await tempDir("nats");
    await using nats = await startEmbeddedNats(dir.path, log, never);
    const stop = new AbortController();
    const refused: string[] = [];
    const listening = createLog("test", "silent");
    listening.warn = (fields: { err: Error }) => { refused.push(String(fields.err)); stop.abort(); };
    await expect(Bus.connect({ url: nats.url, token: "wrong", name: "test", lease_ttl_ms: 60_000, log: listening }, stop.signal)).rejects.toMatchObject({ code: "canceled" });
    expect(refused[0]).toContain("Authorization");
  });

  it("is started again on the same port when it is killed, and work goes on", async () => {
    await using dir = await tempDir("nats");
    await using nats = await startEmbeddedNats(dir.path, log, never);
    await using bus = await connectTo(nats);
    const seen: number[] = [];
    await using _worker = work(bus, {
      stream: STREAMS.events, durable: "test", filter: subjects.allTicks, concurrency: 1, ack_wait_ms: 60_000,
      handle: async (payload) => { seen.push((payload as { n: number }).n); },
    });
    for (let n = 1; n <= 3; n++) {
      await bus.publish(subjects.tick("test"), { n }, { signal: never });
      await until(`message ${n}`, () => seen.includes(n), { timeout_ms: 10_000 });
      const pid = await pidIn(dir.path);
      const killed = performance.now();
      process.kill(pid, "SIGKILL");
      await until("the loss to be noticed", () => !bus.connected);
      await until("another one", () => bus.connected);
      expect(performance.now() - killed).toBeLessThan(3_000);
      expect(await pidIn(dir.path)).not.toBe(pid);
    }
  });

  it("is gone after disposal, even when it is just being started again", async () => {
    await using dir = await tempDir("nats");
    const nats = await startEmbeddedNats(dir.path, log, never);
    process.kill(await pidIn(dir.path), "SIGKILL");
    await nats[Symbol.asyncDispose]();
    expect(await serversIn(dir.path)).toEqual([]);
  });

  it("is missed by name", async () => {
    await using dir = await tempDir("nats");
    vi.stubEnv("PATH", dir.path);
    await expect(startEmbeddedNats(dir.path, log, never)).rejects.toMatchObject({
      code: "client_missing", message: expect.stringContaining("nats-server"), hint: expect.stringContaining("apt-get install nats-server"),
    });
  });
});

async function pidIn(dataDir: string): Promise<number> {
  return until("nats-server's process", async () => (await serversIn(dataDir))[0]);
}

/** Processes that run in the folder of a data folder's nats-server. */
async function serversIn(dataDir: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined))); // ended, or another's
  return pids.filter((_pid, at) => folders[at] === join(dataDir, "nats")).map(Number);
}
