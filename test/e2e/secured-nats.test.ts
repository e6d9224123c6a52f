import { execFile } from "node:child_process";
import { readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Bus, createLog } from "@safebase/runtime";
import { clientDirs, freePort, startNats, startWebhook, tempDir, until, type NatsServer } from "@safebase/testing";
import { describe, expect, inject, test } from "vitest";
import { Client } from "../client.ts";
import { startProgram, type Program } from "./program.ts";
import { damage, filledDatabase, look } from "./system.ts";

const INIT = resolve(import.meta.dirname, "../../deploy/init.ts");
const SERVICES = ["executor", "scheduler", "notifier", "gateway"] as const;
const postgres = inject("postgres");

const init = async (...args: readonly string[]): Promise<string> => (await promisify(execFile)(process.execPath, [INIT, ...args])).stdout;

describe.concurrent("NATS as deploy/init.ts sets it up", () => {
  test("carries the whole of the work: a backup, a restore, a schedule and a message, with the least permissions", async () => {
    await using hook = await startWebhook();
    await using world = await startWorld();
    const { client } = world;
    await client.call("POST", "/api/channels", { name: "hook", group_s: 0, events: ["backup_completed"], config: { type: "webhook", url: hook.url } });
    await using database = await filledDatabase(postgres, client);
    await client.call("POST", "/api/schedules", { database_id: database.id, cron: "* * * * *" });
    const before = await look(postgres, database.db_name);
    const backup = await client.backedUp(database.id);
    await damage(postgres, database.db_name);
    expect((await client.restored(backup.id, database.db_name)).status).toBe("completed");
    expect(await look(postgres, database.db_name)).toEqual(before);
    await hook.waitForRequest(({ body }) => body.includes("backup_completed"));
    await until("the executor to be seen", async () => (await client.call<{ executors: object[] }>("GET", "/api/executors")).executors.length === 1);
    await until("the schedule to have fired", async () => (await client.call<{ backups: { trigger: string; status: string }[] }>("GET", `/api/backups/database/${database.id}`)).backups
      .some(({ trigger, status }) => trigger === "scheduled" && status === "completed"), { timeout_ms: 90_000 });
    expect(world.output()).not.toContain("does not let us");
  });

  test("lets nobody in whose credentials were taken back, until init has made new ones", async () => {
    await using world = await startWorld([]);
    const attempt = async (): Promise<string> => {
      const stop = new AbortController();
      const log = createLog("test", "silent");
      let said = "";
      const note = (_fields: unknown, sentence?: string): void => { said ||= sentence ?? String(_fields); stop.abort(); };
      log.warn = log.info = note;
      const access = { url: world.settings["SAFEBASE_NATS_URL"]!, ca: await readFile(join(world.dir, "nats/ca.crt"), "utf8"), creds: await readFile(join(world.dir, "creds/executor-default.creds"), "utf8") };
      await expect(Bus.connect({ ...access, name: "executor-default", lease_ttl_ms: 60_000, log, awaits_gateway: true }, stop.signal)).rejects.toMatchObject({ code: "canceled" });
      return said;
    };
    const creds = await readFile(join(world.dir, "creds/executor-default.creds"), "utf8");
    expect(await attempt()).toContain("waiting for a gateway"); // it is let in
    expect(await init(world.dir, "--revoke", "executor-default")).toContain("revoked executor-default");
    await writeFile(join(world.dir, "creds/executor-default.creds"), creds);
    await world.reload();
    await until("it to be refused", async () => (await attempt()).includes("NATS refuses to let us in"));
    await rm(join(world.dir, "creds/executor-default.creds"));
    expect(await init(world.dir)).toBe("init: made creds/executor-default.creds: with it the executor logs in to NATS\n");
    expect(await attempt()).toContain("waiting for a gateway");
  });
});

describe("deploy/init.ts", () => {
  test("makes each file once, for its owner alone, and says what it is", async () => {
    await using dir = await tempDir("init");
    const said = await init(dir.path, "--nats-host", "nats.example.org");
    const files = (await readdir(dir.path, { recursive: true, withFileTypes: true })).filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
    const names = files.map((file) => file.slice(dir.path.length + 1));
    expect(names).toEqual(expect.arrayContaining([
      "master.key", "group-default.key", "catalog.password", "catalog.url", "metrics.token", "nats/nats.conf", "nats/ca.crt", "nats/server.crt", "nats/server.key", "nats/signing.key",
      "creds/gateway.creds", "creds/scheduler.creds", "creds/notifier.creds", "creds/executor-default.creds",
    ]));
    for (const name of names.filter((each) => !/ca\.key|server\.key/.test(each))) expect(said).toContain(`init: made ${name}: `);
    for (const file of files) expect([file, (await stat(file)).mode & 0o777]).toEqual([file, 0o600]);
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
    for (const secret of [texts[names.indexOf("master.key")]!, texts[names.indexOf("catalog.password")]!]) expect(said).not.toContain(secret.trim());
    expect(await init(dir.path, "--nats-host", "nats.example.org")).toBe("");
    expect(await Promise.all(files.map((file) => readFile(file, "utf8")))).toEqual(texts);
    expect(await init(dir.path, "--nats-host", "elsewhere")).toContain("nats/server.crt is not for elsewhere");
    await expect(init(dir.path, "--nats-host", "a,IP:b")).rejects.toMatchObject({ stderr: expect.stringContaining("--nats-host must be a name or an address") });
    await expect(init(dir.path, "--revoke", "nobody")).rejects.toMatchObject({ stderr: expect.stringContaining("nobody is neither") });
  });
});

interface World extends AsyncDisposable {
  readonly dir: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly client: Client;
  /** nats-server reads what init has written. */
  reload(): Promise<void>;
  output(): string;
}

/** The services as programs of their own, on a nats-server that init has set up; the gateway comes last. */
async function startWorld(services: readonly (typeof SERVICES)[number][] = SERVICES): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir("installation"));
  const { path: data } = stack.use(await tempDir("data"));
  const [port, http] = [await freePort(), await freePort()];
  const conf = async (): Promise<string> => (await readFile(join(dir, "nats/nats.conf"), "utf8")).replace("0.0.0.0", "127.0.0.1").replace(/^http:.*$/m, "");
  await init(dir, "--nats-etc", join(dir, "nats"), "--nats-store", join(data, "nats"), "--nats-port", String(port));
  const nats: NatsServer = stack.use(await startNats({ port, conf }));
  const url = `http://127.0.0.1:${http}`;
  const settings = {
    SAFEBASE_NATS_URL: `tls://localhost:${port}`, SAFEBASE_NATS_CA_FILE: join(dir, "nats/ca.crt"), SAFEBASE_DATA_DIR: data, SAFEBASE_ALLOWED_TARGETS: "127.0.0.1",
    SAFEBASE_CLIENT_PATH: clientDirs().join(":"),
  };
  const own = {
    gateway: { SAFEBASE_MASTER_KEY_FILE: join(dir, "master.key"), SAFEBASE_NATS_SIGNING_KEY_FILE: join(dir, "nats/signing.key"), SAFEBASE_PORT: String(http) },
    notifier: { SAFEBASE_MASTER_KEY_FILE: join(dir, "master.key") }, executor: { SAFEBASE_GROUP_KEY_FILE: join(dir, "group-default.key") }, scheduler: {},
  };
  const programs: Program[] = [];
  for (const service of services) {
    const creds = join(dir, "creds", `${service === "executor" ? "executor-default" : service}.creds`);
    programs.push(stack.use(startProgram(`services/${service}/src/main.ts`, { ...settings, ...own[service], SAFEBASE_NATS_CREDS_FILE: creds })));
  }
  if (services.length > 0) await until("the gateway to be ready", async () => (await fetch(`${url}/readyz`)).ok, { timeout_ms: 60_000 });
  const client = services.length > 0 ? await Client.register(() => url) : new Client(() => url, "");
  const owned = stack.move();
  return {
    dir, settings, client, reload: async () => nats.reload(await conf()), output: () => programs.map((program) => program.output()).join("\n"), [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
