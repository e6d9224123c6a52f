import { Bus, createLog } from "@safebase/runtime";
import { freePort, startNats, tempDir, until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { processTree, startProgram, stillRunning, type Program } from "./program.ts";

const MAIN = "services/standalone/src/main.ts";

describe("the standalone program", () => {
  it.each([["SIGINT", "group"], ["SIGTERM", "process"]] as const)("ends in order at %s to its %s, with all that it started", async (signal, whom) => {
    await using dir = await tempDir("standalone");
    await using program = start(dir.path);
    const url = await program.url();
    expect(program.output()).toContain(`SafeBase is ready at ${url} (API documentation: ${url}/api/docs)\n`);
    expect((await fetch(`${url}/api/openapi.json`)).status).toBe(200);
    const tree = await processTree(program.pid);
    expect(tree.map((each) => each.name)).toEqual(expect.arrayContaining(["nats-server", "cat"]));
    expect(tree.find((each) => each.name === "nats-server")!.group).not.toBe(program.pid); // Ctrl-C must not end it first
    const asked = performance.now();
    program.signal(signal, whom);
    expect(await program.ended()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(8_000);
    expect(await stillRunning(tree)).toEqual([]);
  });

  it("leaves no orphan when it is killed, and starts again on what it left", async () => {
    await using dir = await tempDir("standalone");
    await using first = start(dir.path);
    await register(await first.url());
    const tree = await processTree(first.pid);
    first.signal("SIGKILL");
    await until("all of it to be gone", async () => (await stillRunning(tree)).length === 0, { timeout_ms: 2_000 });
    await using second = start(dir.path);
    const again = await post(await second.url(), "/auth/login", ACCOUNT);
    expect(again.status).toBe(200);
    second.signal("SIGTERM");
    expect(await second.ended()).toBe(0);
  });

  it("starts nats-server again when that is killed, and is whole again", async () => {
    await using dir = await tempDir("standalone");
    await using program = start(dir.path);
    const url = await program.url();
    const token = await register(url);
    expect(await probeAnswer(url, token)).toBe("unreachable"); // an executor said so
    const nats = (await processTree(program.pid)).find((each) => each.name === "nats-server")!;
    process.kill(nats.pid, "SIGKILL");
    await until("another nats-server", async () =>
      (await processTree(program.pid)).some((each) => each.name === "nats-server" && each.pid !== nats.pid), { timeout_ms: 3_000 });
    await until("the executor to answer again", async () => (await probeAnswer(url, token)) === "unreachable", { timeout_ms: 10_000 });
    program.signal("SIGINT", "group");
    expect(await program.ended()).toBe(0);
  });

  it("ends at Ctrl-C while it is still starting", async () => {
    await using dir = await tempDir("standalone");
    await using program = start(dir.path);
    const nats = await until("nats-server", async () => (await processTree(program.pid)).find((each) => each.name === "nats-server"));
    const tree = await processTree(program.pid);
    program.signal("SIGINT", "group");
    expect(await program.ended()).toBe(0);
    expect(await stillRunning([...tree, nats])).toEqual([]);
  });

  it("refuses to share a data folder, and leaves the first alone", async () => {
    await using dir = await tempDir("standalone");
    await using first = start(dir.path);
    const url = await first.url();
    await using second = start(dir.path);
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain(`safebase: SafeBase is already running on ${dir.path}`);
    expect((await fetch(`${url}/api/openapi.json`)).status).toBe(200);
  });

  it("uses a NATS server that it is told of, and starts none", async () => {
    await using nats = await startNats();
    await using dir = await tempDir("standalone");
    await using program = start(dir.path, { SAFEBASE_NATS_URL: nats.url });
    const url = await program.url();
    expect(await probeAnswer(url, await register(url))).toBe("unreachable");
    expect((await processTree(program.pid)).map((each) => each.name)).not.toContain("nats-server");
  });

  it("says in one sentence that its port is taken", async () => {
    await using nats = await startNats();
    await using dir = await tempDir("standalone");
    await using program = start(dir.path, { SAFEBASE_PORT: String(nats.port), SAFEBASE_NATS_URL: nats.url });
    expect(await program.ended()).toBe(1);
    expect(program.output()).toMatch(new RegExp(`^safebase: port ${nats.port} .*in use.*\n$`, "m"));
  });
});

describe.each(["gateway", "executor", "scheduler", "notifier"])("the %s alone", (service) => {
  it("needs a NATS server, and says so in one line", async () => {
    await using program = startProgram(`services/${service}/src/main.ts`, {});
    expect(await program.ended()).toBe(1);
    expect(program.output()).toBe(`safebase: SAFEBASE_NATS_URL is missing: the ${service} alone needs a NATS server with JetStream\n`);
  });

  it("starts, waits for a gateway to make the streams, says that it is ready, and ends at SIGTERM", async () => {
    await using nats = await startNats();
    await using dir = await tempDir(service);
    const metricsPort = await freePort();
    await using program = startProgram(`services/${service}/src/main.ts`, {
      SAFEBASE_NATS_URL: nats.url, SAFEBASE_DATA_DIR: dir.path, SAFEBASE_PORT: "0", SAFEBASE_METRICS_PORT: String(metricsPort), SAFEBASE_METRICS_TOKEN: METRICS_TOKEN,
    });
    if (service !== "gateway") {
      await until("it to say what it waits for", () => program.output().includes("waiting for a gateway"));
      await using _streams = await Bus.connect({ url: nats.url, name: "gateway", lease_ttl_ms: 60_000, log: createLog("gateway", "silent") }, AbortSignal.timeout(10_000));
    }
    await until("it to have started", () => program.output().includes('"msg":"started"'));
    const ops = `http://127.0.0.1:${metricsPort}`;
    expect((await fetch(`${ops}/readyz`)).status).toBe(200);
    const metrics = async (): Promise<string> => (await fetch(`${ops}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })).text();
    expect((await fetch(`${ops}/metrics`)).status).toBe(401);
    expect(await metrics()).toMatch(new RegExp(`^nodejs_eventloop_lag_p99_seconds{service="${service}"} \\d`, "m"));
    expect(await metrics()).toContain(`safebase_nats_reconnects_total{service="${service}"} 0\n`);
    await nats.stop();
    await until("it not to be ready", async () => (await fetch(`${ops}/readyz`)).status === 503);
    expect(await metrics()).toContain(`safebase_nats_connected{service="${service}"} 0\n`);
    await nats.restart();
    await until("it to be ready again", async () => (await fetch(`${ops}/readyz`)).status === 200);
    expect(await metrics()).toContain(`safebase_nats_reconnects_total{service="${service}"} 1\n`);
    program.signal("SIGTERM");
    expect(await program.ended()).toBe(0);
  });
});

const METRICS_TOKEN = "a-token-of-sixteen-letters";
const ACCOUNT = { email: "ada@example.org", password: "a long password" };

function start(dataDir: string, settings: Record<string, string> = {}): Program {
  return startProgram(MAIN, { SAFEBASE_DATA_DIR: dataDir, SAFEBASE_PORT: "0", SAFEBASE_LOG_LEVEL: "warn", ...settings });
}

function post(url: string, path: string, body: unknown, token?: string): Promise<Response> {
  const headers = { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  return fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function register(url: string): Promise<string> {
  const response = await post(url, "/auth/register", ACCOUNT);
  expect(response.status).toBe(201);
  return ((await response.json()) as { token: string }).token;
}

/** The error code with which a server that does not exist is reported. */
async function probeAnswer(url: string, token: string): Promise<string> {
  const database = { name: "none", type: "postgresql", host: "127.0.0.1", port: await freePort(), username: "u", password: "p", db_name: "d" };
  const response = await post(url, "/api/databases/test", database, token);
  return ((await response.json()) as { code: string }).code;
}
