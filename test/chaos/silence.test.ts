import { clientDirs, fillRealistic, freePort, freshDatabase, startNats, startWebhook, tempDir, until, type WebhookFixture } from "@safebase/testing";
import { describe, expect, inject, test, type TestContext } from "vitest";
import { Client } from "../client.ts";
import { startProgram, type Program } from "../e2e/program.ts";

type Service = "gateway" | "scheduler" | "notifier" | "executor";
interface Told { readonly kind: string; readonly service: { name: string } | null; readonly objective: { kind: string } | null; readonly id: string }

/** The four services as processes of their own, and a receiver of all that is told. Their logs are shown when the test fails. */
async function startServices({ onTestFailed }: TestContext) {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("silence"));
  const nats = stack.use(await startNats());
  const hook = stack.use(await startWebhook());
  const port = await freePort();
  const settings = {
    SAFEBASE_NATS_URL: nats.url, SAFEBASE_DATA_DIR: dir.path, SAFEBASE_PORT: String(port), SAFEBASE_LOG_LEVEL: "warn", SAFEBASE_CLIENT_PATH: clientDirs().join(":"),
    SAFEBASE_SILENCE_S: "5", SAFEBASE_RECONCILE_S: "2", SAFEBASE_LEASE_TTL_S: "3", SAFEBASE_ALLOWED_TARGETS: "127.0.0.0/8",
  };
  const url = `http://127.0.0.1:${port}`;
  const programs = new Map<Service, Program>();
  const owned = stack.move();
  const start = async (service: Service): Promise<void> => {
    programs.set(service, owned.use(startProgram(`services/${service}/src/main.ts`, settings)));
    if (service === "gateway") await until("the gateway to be ready", async () => (await fetch(`${url}/readyz`)).ok, { timeout_ms: 30_000 });
  };
  const kill = async (service: Service): Promise<void> => {
    programs.get(service)?.signal("SIGKILL");
    await programs.get(service)?.ended();
  };
  for (const service of ["scheduler", "notifier", "executor", "gateway"] as const) await start(service); // last, so that it misses nobody
  const client = await Client.register(() => url);
  // Whoever is slow to start would be told as lost, and once more when it is killed.
  await until("all of them to be alive", async () => {
    const { services, groups } = await client.call<{ services: { alive: number }[]; groups: { alive: number }[] }>("GET", "/api/executors");
    return [...services, ...groups].every(({ alive }) => alive === 1) && groups.length === 1;
  }, { timeout_ms: 60_000 });
  await client.call("POST", "/api/channels", { name: "all", config: { type: "webhook", url: hook.url }, all_users: true, group_s: 0 });
  onTestFailed(() => console.log([...programs].map(([service, each]) => `${service}: ${each.output().slice(-2_000)}`).join("\n"), toldBy(hook).map(({ kind }) => kind)));
  return { client, hook, start, kill, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function toldBy(hook: WebhookFixture): Told[] {
  return hook.requests.flatMap(({ body }) => (JSON.parse(body) as { notices: Told[] }).notices);
}

// The one that waits for a minute's tick runs beside the others, which run in turn.
describe.concurrent("nothing falls silent unseen", () => {
  describe("services", aboutServices);
  describe("objectives", aboutObjectives);
});

const IN_TURN = { concurrent: false, timeout: 400_000 };

function aboutServices(): void {
  test("each service is killed: it is told within seconds, and told when it is back, each once", IN_TURN, async (context) => {
    await using system = await startServices(context);
    const { client, hook } = system;
    await using database = await freshDatabase(inject("postgres"), "silence");
    await fillRealistic(database.connection, { rows: 10 });
    const id = await client.addDatabase(database, database.db_name);
    await client.backedUp(id); // its group of executors is in use from here on
    const told = (kind: string) => until(kind, () => toldBy(hook).some((notice) => notice.kind === kind), { timeout_ms: 90_000 });
    for (const service of ["scheduler", "executor", "gateway"] as const) {
      await system.kill(service);
      await told(`${service}_lost`);
      await system.start(service);
      await told(`${service}_back`);
    }
    const kinds = toldBy(hook).map(({ kind }) => kind).filter((kind) => /_(lost|back)$/.test(kind));
    expect(kinds.toSorted()).toEqual(["executor_back", "executor_lost", "gateway_back", "gateway_lost", "scheduler_back", "scheduler_lost"]);
    // The one that nobody can be told of at that time is on record, and told by itself when it is back.
    const before = new Date().toISOString();
    await system.kill("notifier");
    await until("the loss on record", async () => {
      const { notices } = await client.call<{ notices: Told[] }>("GET", `/api/notices?scope=all&kind=notifier_lost&since=${before}`);
      return notices.length === 1;
    }, { timeout_ms: 90_000 });
    await system.start("notifier");
    await told("notifier_lost");
    await told("notifier_back");
  });

  test("a notifier killed between two tries goes on where it was: delivered once", IN_TURN, async (context) => {
    await using system = await startServices(context);
    const { client, hook } = system;
    const id = await client.addDatabase({ ...inject("postgres"), password: "wrong" }, "nowhere");
    hook.status = 500;
    await client.backUp(id);
    await until("the first tries", () => hook.requests.length >= 2, { timeout_ms: 30_000 });
    await system.kill("notifier");
    hook.requests.length = 0;
    hook.status = 204;
    await system.start("notifier");
    const delivered = await until("it to be delivered", async () => {
      const { notifications } = await client.call<{ notifications: { status: string; attempts: number; answer: string }[] }>("GET", "/api/notifications?kind=backup_failed");
      return notifications[0]?.status === "delivered" && notifications[0];
    }, { timeout_ms: 90_000 });
    expect(delivered).toMatchObject({ attempts: expect.any(Number), answer: expect.stringContaining("204") });
    expect(delivered.attempts).toBeGreaterThanOrEqual(3);
    expect(toldBy(hook).filter(({ kind }) => kind === "backup_failed")).toHaveLength(1);
  });
}

function aboutObjectives(): void {
  test("an objective is missed while scheduler and executor are dead, and met again after", async (context) => {
    await using system = await startServices(context);
    const { client, hook } = system;
    await using database = await freshDatabase(inject("postgres"), "silence");
    const id = await client.addDatabase(database, database.db_name);
    await client.backedUp(id);
    const { objectives } = await client.call<{ objectives: { id: number; kind: string }[] }>("GET", `/api/objectives?database_id=${id}`);
    const objective = objectives.find(({ kind }) => kind === "backup");
    await client.call("PUT", `/api/objectives/${objective?.id}`, { max_age_s: 60 });
    await system.kill("scheduler");
    await system.kill("executor");
    await until("it to be about to be missed, then missed", () => toldBy(hook).some(({ kind }) => kind === "objective_missed"), { timeout_ms: 90_000 });
    expect(toldBy(hook).map(({ kind }) => kind).filter((kind) => kind.startsWith("objective_"))).toEqual(["objective_at_risk", "objective_missed"]);
    await system.start("executor");
    await client.backedUp(id);
    await until("it to be met again", () => toldBy(hook).some(({ kind }) => kind === "objective_met"));
  });
}
