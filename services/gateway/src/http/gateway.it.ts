import { once } from "node:events";
import { connect } from "node:net";
import { subjects, type ProbeReply, type ProbeRequest, type UiEvent } from "@safebase/contracts";
import { loadConfig, loadSecrets, createLog } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { sign } from "hono/jwt";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGateway } from "../service.ts";
import { EventHub } from "./event-hub.ts";
import { PASSWORD } from "./app-fixture.ts";
import { startTestGateway, type TestGateway } from "./gateway-fixture.ts";

const DUMP = [{ program: "sh", args: ["-c", "seq 1 1000"] }];

let gateway: TestGateway;
let token: string, other: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  token = await gateway.account("admin@example.org");
  other = await gateway.account("other@example.org");
});
afterAll(() => gateway[Symbol.asyncDispose]());

const call = (...args: Parameters<TestGateway["call"]>) => gateway.call(...args);

describe("the main job over HTTP", () => {
  it("orders a backup, shows it as it goes, restores it, deletes it", async () => {
    const id = await gateway.database(other, { type: "mariadb" });
    const backup = await gateway.backup(other, id, DUMP, { compression: "gzip" });
    expect(backup).toMatchObject({ database_id: id, database_name: "My shop", status: "completed", type: "mariadb", format: "sql", compression: "gzip", trigger: "manual", error_msg: null });
    for (const path of ["/api/backups", `/api/backups/database/${id}`, "/api/backups?status=completed&type=mariadb"]) {
      expect((await call("GET", path, { token: other })).body, path).toMatchObject({ backups: [{ id: backup.id, size: backup.size }], pagination: { page: 1, per_page: 50, total: 1, pages: 1 } });
    }
    expect((await call("GET", "/api/backups?status=failed", { token: other })).body.backups).toEqual([]);
    expect((await call("GET", "/api/backups", { token })).body.backups).toEqual([]);
    expect((await call("GET", "/api/backups?scope=all", { token })).body.backups).toHaveLength(1);
    for (const path of [`/api/backups/${backup.id}`, `/api/backups/database/${id}`]) expect((await call("GET", path, { token })).status, path).toBe(404);

    const wrong = await call("POST", `/api/backups/${backup.id}/restore`, { token: other, json: { confirm: "nope" } });
    expect(wrong).toMatchObject({ status: 400, body: { error: "confirm: type the name of the database that is written to: shop", code: "bad_request" } });
    const ordered = await call("POST", `/api/backups/${backup.id}/restore`, { token: other, json: { confirm: "shop", delay_s: 600 } });
    expect(ordered).toMatchObject({ status: 202, body: { restore: { status: "pending", backup_id: backup.id, target_db_name: "shop", error_msg: null }, message: expect.any(String) } });
    const { restore } = ordered.body;
    expect(await call("POST", `/api/backups/${backup.id}/restore`, { token: other, json: { confirm: "shop" } })).toMatchObject({ status: 409, body: { code: "target_busy" } });
    expect(await call("DELETE", `/api/backups/${backup.id}`, { token: other })).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((await call("POST", `/api/jobs/${restore.job_id}/cancel`, { token })).status).toBe(404);
    expect(await call("POST", `/api/jobs/${restore.job_id}/cancel`, { token: other })).toMatchObject({ status: 202, body: { job: { status: "canceled" } } });
    expect((await call("GET", `/api/restores/${restore.id}`, { token: other })).body.restore.status).toBe("canceled");
    expect((await call("GET", "/api/restores?status=canceled", { token: other })).body).toMatchObject({ restores: [{ id: restore.id }], pagination: { total: 1, pages: 1 } });

    const stats = (await call("GET", "/api/stats", { token: other })).body;
    expect(stats).toMatchObject({ databases: 1, backups: { stored_bytes: backup.size, success_rate_30d: 1, by_status: { completed: 1 } }, open_jobs: [] });
    expect(stats.last_backups.map((one: { id: number }) => one.id)).toContain(backup.id);
    expect(await call("DELETE", `/api/backups/${backup.id}`, { token: other })).toMatchObject({ status: 200, body: { message: `backup ${backup.id} is deleted` } });
    expect((await call("GET", `/api/backups/${backup.id}`, { token: other })).status).toBe(404);
  });

  it.each([
    [{ format: "tar" }, 'format must be custom or sql, got "tar"'],
    [{ compression: "lzma" }, 'compression must be zstd, gzip, zip or none, got "lzma"'],
    [{ storages: ["s3"] }, "storages: unknown storage: s3"],
    [{ level: 9 }, "unknown field: level"],
    [{ jobs: 17 }, expect.stringContaining("jobs")],
    [{ jobs: 2, format: "sql" }, "jobs: only PostgreSQL databases in the format custom are dumped in several parts"],
  ])("refuses %j", async (json, error) => {
    const id = await gateway.database(token);
    expect(await call("POST", `/api/backups/database/${id}`, { token, json })).toMatchObject({ status: 400, body: { error } });
    const mariadb = await gateway.database(token, { type: "mariadb" });
    expect(await call("POST", `/api/backups/database/${mariadb}`, { token, json: { globals: true } })).toMatchObject({ status: 400, body: { error: expect.stringMatching(/^globals: only PostgreSQL/) } });
  });
});

describe("/api/schedules", () => {
  it("shows the next times, in the schedule's time zone", async () => {
    const database_id = await gateway.database(other);
    const made = await call("POST", "/api/schedules", { token: other, json: { database_id, cron: "@daily", timezone: "Asia/Tokyo" } });
    expect(made).toMatchObject({ status: 201, body: { schedule: { cron: "0 0 * * *", timezone: "Asia/Tokyo", enabled: true, name: "My shop" } } });
    const { schedule } = made.body;
    expect(schedule.next_runs).toHaveLength(5);
    for (const at of schedule.next_runs) expect(at).toMatch(/T15:00:00\.000Z$/);
    expect((await call("GET", "/api/stats", { token: other })).body.next_runs).toMatchObject([{ schedule_id: schedule.id, at: schedule.next_runs[0] }]);
    expect((await call("PUT", `/api/schedules/${schedule.id}`, { token: other, json: { enabled: false } })).body.schedule).toMatchObject({ enabled: false, next_runs: [], cron: "0 0 * * *" });
    expect((await call("GET", `/api/schedules/${schedule.id}`, { token })).status).toBe(404);
    expect((await call("DELETE", `/api/schedules/${schedule.id}`, { token: other })).status).toBe(200);
    expect((await call("GET", "/api/schedules", { token: other })).body.schedules).toEqual([]);
  });

  it("refuses what is no time, in a sentence", async () => {
    const database_id = await gateway.database(other);
    const refused = async (json: Record<string, unknown>) => (await call("POST", "/api/schedules", { token: other, json: { database_id, cron: "0 3 * * *", ...json } })).body.error as string;
    expect(await refused({ cron: "every day" })).toBe("cron: not a cron expression: every day");
    expect(await refused({ cron: "61 * * * *" })).toBe("cron: not a cron expression: 61 * * * *");
    expect(await refused({ cron: "0 0 30 2 *" })).toBe("cron: this time never comes: 0 0 30 2 *");
    expect(await refused({ timezone: "Mars/Base" })).toBe("timezone: unknown time zone: Mars/Base");
    expect(await refused({ database_id: undefined })).toBe("database_id is missing");
    expect(await refused({ database_id: 999 })).toBe("database 999 not found");
    for (const id of [2 ** 40, -3]) expect(await refused({ database_id: id })).toBe("database 0 not found");
  });
});

describe("POST /api/databases/test", () => {
  const REPORT = { server: "PostgreSQL 15.20", server_version: "15.20", size_bytes: 5, tables: 2, connections: 1, tls: true, client: { name: "pg_dump", version: "15.20" }, warnings: [], elapsed_ms: 3 };
  const fields = { type: "postgresql", host: "db.example", username: "u", password: "s3cr3t", db_name: "shop" };

  it("says so when no executor runs", async () => {
    expect(await call("POST", "/api/databases/test", { token, json: fields })).toMatchObject({ status: 503, body: { error: "no executor is running", code: "no_executor", hint: expect.any(String) } });
  });

  it("answers what an executor found, and sends it the password sealed", async () => {
    const asked: ProbeRequest[] = [];
    let reply: ProbeReply = { ok: true, report: REPORT };
    using _ = await gateway.bus.respond(subjects.probe("default"), "executors", async (payload) => { asked.push(payload as ProbeRequest); return reply; });
    expect(await call("POST", "/api/databases/test", { token, json: { url: "postgres://u:s3cr3t@db.example/shop" } })).toMatchObject({ status: 200, body: { ok: true, ...REPORT } });
    const secrets = await loadSecrets(undefined, gateway.settings["SAFEBASE_DATA_DIR"] ?? "");
    expect(asked[0]?.connection).toMatchObject({ type: "postgresql", host: "db.example", port: 5432, ssl_mode: "prefer" });
    expect(JSON.stringify(asked)).not.toContain("s3cr3t");
    expect(secrets.forGroup("default").open(asked[0]?.connection.password_sealed ?? "", "connection")).toBe("s3cr3t");
    reply = { ok: false, failure: { code: "auth_failed", message: "the server refused the password of u", hint: "check it" } };
    const id = await gateway.database(token);
    expect(await call("POST", `/api/databases/${id}/test`, { token })).toMatchObject({ status: 200, body: { ok: false, code: "auth_failed", error: "the server refused the password of u", hint: "check it" } });
    expect((await call("POST", `/api/databases/${id}/test`, { token: other })).status).toBe(404);
    reply = { ok: false, failure: { code: "internal", message: "a fault with details" } };
    const fault = await call("POST", `/api/databases/${id}/test`, { token });
    expect(fault.status).toBe(500);
    expect(fault.text).not.toContain("details");
    expect((await call("GET", "/api/audit?action=database.test", { token })).body.entries[0]).toMatchObject({ outcome: "failed", object_id: id });
  });
});

/** The text of an event stream as it comes. */
async function listenTo(as: string, query = ""): Promise<{ text(): string; ended: Promise<void> }> {
  const response = await fetch(`${gateway.url}/api/events${query}`, { headers: { authorization: `Bearer ${as}` } });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  let text = "";
  const read = async (): Promise<void> => { for await (const chunk of response.body as ReadableStream<Uint8Array>) text += Buffer.from(chunk).toString(); };
  const ended = read();
  await until("the stream to begin", () => text.includes("retry: "));
  return { text: () => text, ended };
}

describe("GET /api/events", () => {
  it("tells everybody what is his, and an admin everything when he asks", async () => {
    const [own, his, all] = [await listenTo(token), await listenTo(other), await listenTo(token, "?scope=all")];
    const say = (user_id: number, name: string) => gateway.bus.broadcast(subjects.ui, { user_id, event: "database", data: { name } } satisfies UiEvent);
    say(1, "one"); say(2, "two"); say(3, "three");
    await until("the events", () => all.text().includes("three") && own.text().includes("one") && his.text().includes("two"));
    expect(own.text()).toMatch(/id: [a-z0-9]+-\d+\nevent: database\ndata: \{"name":"one"\}\n\n/);
    expect(own.text()).not.toMatch(/two|three/);
    expect(his.text()).not.toMatch(/one|three/);
    expect(all.text()).toMatch(/one[^]*two[^]*three/);
    expect((await call("GET", "/api/events?scope=all", { token: other })).status).toBe(403);
  });

  it("tells of a backup as it goes", async () => {
    const stream = await listenTo(other);
    const backup = await gateway.backup(other, await gateway.database(other), DUMP);
    await until("all of its events", () => ["pending", "running", "completed"].every((status) => stream.text().includes(`"status":"${status}"`)));
    expect(stream.text()).toContain(`event: backup\ndata: {"id":${backup.id},`);
  });

  it("ends with the token", async () => {
    const secrets = await loadSecrets(undefined, gateway.settings["SAFEBASE_DATA_DIR"] ?? "");
    const now = Math.floor(Date.now() / 1000);
    const brief = await sign({ sub: "2", role: "user", jti: "brief", iat: now, exp: now + 2 }, secrets.derive("jwt").toString("base64url"));
    await (await listenTo(brief)).ended;
    expect((await call("GET", "/auth/me", { token: brief })).status).toBe(401);
  });

  it("drops who does not read", async () => {
    using hub = new EventHub(gateway.bus);
    const stream = hub.open({ scope: "all", expires_at: new Date(Date.now() + 60_000), holds: async () => true });
    expect(hub.size).toBe(1);
    for (let count = 0; count < 40; count++) gateway.bus.broadcast(subjects.ui, { user_id: 1, event: "progress", data: { filler: "x".repeat(20_000) } } satisfies UiEvent);
    await until("it to be dropped", () => hub.size === 0);
    let read_bytes = 0;
    for await (const chunk of stream) read_bytes += chunk.length;
    expect(read_bytes).toBeLessThan(400_000);
  });
});

describe("a gateway on a socket", () => {
  it("knows where a login comes from, and no proxy unless told", async () => {
    await call("POST", "/auth/login", { json: { email: "admin@example.org", password: PASSWORD }, headers: { "x-forwarded-for": "6.6.6.6" } });
    expect((await call("GET", "/api/audit?action=auth.login", { token })).body.entries[0]).toMatchObject({ ip: "127.0.0.1", actor: "admin@example.org" });
  });

  it("answers malformed requests and keeps on", async () => {
    const raw = connect(Number(new URL(gateway.url).port), "127.0.0.1");
    raw.write("GET / HTTP/1.1\r\nbroken\r\n\r\n");
    const [data] = await once(raw, "data") as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1\.1 400 /);
    raw.destroy();
    expect((await call("GET", "/healthz")).text).toBe("ok\n");
  });

  it("reads bodies without a length, and stops reading ones without an end", async () => {
    const send = (chunks: number) => fetch(`${gateway.url}/auth/login`, {
      method: "POST", duplex: "half", headers: { "content-type": "application/json" },
      body: new ReadableStream({ pull: (controller) => { if (chunks-- > 0) controller.enqueue(Buffer.alloc(64 * 1024, " ")); else controller.close(); } }),
    });
    expect([(await send(1)).status, (await send(17)).status]).toEqual([400, 413]);
    expect((await call("POST", "/auth/login", { raw: "" })).body.error).toBe("email and password are missing");
  });

  it("is ready while NATS answers", async () => {
    expect((await call("GET", "/readyz")).status).toBe(200);
    expect((await call("GET", "/metrics")).text).toContain("http_request_duration_seconds_bucket");
  });

  it("says which port is taken", async () => {
    const config = loadConfig({ ...gateway.settings, SAFEBASE_PORT: new URL(gateway.url).port, SAFEBASE_CATALOG_URL: "sqlite::memory:" });
    const start = startGateway(config, { bus: gateway.bus, log: createLog("gateway", "silent"), metrics: new Registry() });
    await expect(start).rejects.toThrow(`port ${config.port} on 127.0.0.1 is in use by another program: end it, or set SAFEBASE_PORT to another one`);
  });

  it.each(["with", "without"])("stops within seconds %s NATS though streams are open, and is ready only with it", async (nats) => {
    const own = await startTestGateway();
    try {
      const admin = await own.account("a@example.org");
      const stream = await fetch(`${own.url}/api/events`, { headers: { authorization: `Bearer ${admin}` } });
      if (nats === "without") await own.nats.stop();
      if (nats === "without") await until("it not to be ready", async () => (await own.call("GET", "/readyz")).status === 503);
      expect((await own.call("GET", "/api/databases", { token: admin })).status).toBe(200);
      const started = performance.now();
      await own.stop();
      expect(performance.now() - started).toBeLessThan(3_000);
      expect(await stream.text()).toContain("retry:");
      await expect(fetch(`${own.url}/healthz`)).rejects.toThrow();
    } finally {
      await own[Symbol.asyncDispose]();
    }
  });
});
