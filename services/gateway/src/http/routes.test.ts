import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MAX_BODY_BYTES } from "./json-body.ts";
import { openTestApp, type TestApp } from "./app-fixture.ts";
import { ROUTE_BODIES } from "./route-bodies-fixture.ts";

let test: TestApp;
let token: string;
beforeEach(async () => {
  test = await openTestApp();
  token = await test.account("admin@example.org");
});
afterEach(() => test[Symbol.asyncDispose]());

interface Operation { method: string; path: string; secured: boolean }

async function operations(): Promise<Operation[]> {
  const { body } = await test.call("GET", "/api/openapi.json");
  return Object.entries(body.paths as Record<string, Record<string, { security?: unknown }>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { security }]) => ({ method: method.toUpperCase(), path, secured: security !== undefined })));
}

/** Routes that describe or watch the others. */
const UNDESCRIBED = new Set(["GET /api/openapi.json", "GET /api/docs", "GET /metrics", "GET /healthz", "GET /readyz"]);

describe("the openapi document", () => {
  it("holds every route that is registered, and no other", async () => {
    const registered = new Set(test.app.routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}").replace(/(.)\/$/, "$1")}`));
    const described = new Set((await operations()).map(({ method, path }) => `${method} ${path}`));
    expect(described).toEqual(new Set([...registered].filter((route) => !UNDESCRIBED.has(route))));
    expect(described.size).toBeGreaterThanOrEqual(30);
  });

  it("names for every route what it needs and answers", async () => {
    const { body } = await test.call("GET", "/api/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    expect(body.paths["/api/databases/{id}"].put.requestBody.content["application/json"].schema).toBeDefined();
    expect(body.paths["/api/backups"].get.parameters.map((one: { name: string }) => one.name).sort()).toEqual(["database_id", "page", "per_page", "pinned", "scope", "search", "since", "status", "storage", "trigger", "type", "until", "verified"]);
    expect(Object.keys(body.components.schemas as object)).toEqual(expect.arrayContaining(["Error", "Backup", "Restore", "Schedule", "Database", "User"]));
  });
});

describe("every /api route", () => {
  it("refuses without a token, with a broken one, and before it reads the body", async () => {
    const api = (await operations()).filter(({ path }) => path.startsWith("/api/"));
    const all = api.filter(({ secured }) => secured);
    expect(api.filter(({ secured }) => !secured).map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /api/executors/join"]);
    for (const { method, path } of all) {
      const url = path.replace("{id}", "1");
      const body = method === "GET" ? {} : { raw: "{broken" };
      expect(await test.call(method, url, body), `${method} ${url}`).toMatchObject({ status: 401, body: { code: "unauthorized", error: "a token is needed" } });
      expect((await test.call(method, url, { token: "x.y.z", ...body })).status, `${method} ${url}`).toBe(401);
    }
  });

  it("answers 404 for ids that are nobody's and 400 for what is no id", async () => {
    const other = await test.account("other@example.org");
    const all = (await operations()).filter(({ path }) => path.startsWith("/api/") && path.includes("{id}"));
    const at = (path: string, id: string): string => path.replace("{id}", id).replace(/\{\w+\}/, "1");
    for (const { method, path } of all) {
      const json = ROUTE_BODIES[`${method} ${path}`];
      const send = (id: string, as: string) => test.call(method, at(path, id), { token: as, ...(json === undefined ? {} : { json }) });
      for (const id of ["99", "0", "-1", "9007199254740993", "99999999999999999999999"]) {
        expect(await send(id, token), `${method} ${path} ${id}`).toMatchObject({ status: 404, body: { code: "not_found" } });
      }
      for (const id of ["abc", "1.5", "1e3", "%27"]) {
        expect(await send(id, token), `${method} ${path} ${id}`).toMatchObject({ status: 400, body: { code: "bad_request", error: expect.stringMatching(/^id must be a whole number, got /) } });
      }
      const asUser = await test.call(method, `${at(path, "1")}?scope=all`, { token: other, ...(json === undefined ? {} : { json }) });
      expect(asUser, `${method} ${path}?scope=all`).toMatchObject({ status: 403, body: { error: expect.stringMatching(/^(only an admin may do this|a user may not see what belongs to others)$/) } });
    }
  });

  it("refuses unknown query parameters by name", async () => {
    expect(await test.call("GET", "/api/backups?limit=5", { token })).toMatchObject({ status: 400, body: { error: "unknown field: limit" } });
    expect(await test.call("GET", "/api/backups?per_page=201", { token })).toMatchObject({ status: 400, body: { error: 'per_page must be a whole number from 1 to 200, got "201"' } });
    expect(await test.call("GET", "/api/backups?page=0", { token })).toMatchObject({ status: 400, body: { error: 'page must be a whole number from 1 to 1000000, got "0"' } });
    expect(await test.call("GET", "/api/backups?status=done", { token })).toMatchObject({ status: 400, body: { error: 'status must be pending, running, completed, failed or canceled, got "done"' } });
    expect(await test.call("GET", "/api/backups?type=oracle", { token })).toMatchObject({ status: 400, body: { error: "unsupported database type: oracle" } });
    expect(await test.call("GET", "/api/backups?since=yesterday", { token })).toMatchObject({ status: 400, body: { error: 'since must be an instant such as 2026-01-15T12:00:00Z, got "yesterday"' } });
    expect(await test.call("GET", "/api/backups?until=2026-02-30T00:00:00Z", { token })).toMatchObject({ status: 400, body: { error: expect.stringMatching(/^until must be an instant/) } });
    expect(await test.call("GET", "/api/backups?verified=yes", { token })).toMatchObject({ status: 400, body: { error: 'verified must be true or false, got "yes"' } });
    expect(await test.call("GET", "/api/backups?trigger=luck", { token })).toMatchObject({ status: 400, body: { error: 'trigger must be manual, scheduled, catch_up or safety, got "luck"' } });
    expect(await test.call("GET", "/api/backups?since=2026-01-15T12:00:00%2B01:00&until=2026-01-16T00:00:00Z&pinned=false&search=a%25&storage=local", { token })).toMatchObject({ status: 200, body: { backups: [] } });
    expect(await test.call("GET", "/api/audit?action=a%00b", { token })).toMatchObject({ status: 400, body: { error: expect.stringContaining("action may hold letters") } });
    expect(await test.call("GET", "/api/stats?scope=mine", { token })).toMatchObject({ status: 400, body: { error: 'scope must be own or all, got "mine"' } });
  });
});

describe("bodies", () => {
  it.each([
    ['{"a":', "malformed JSON at line 1, column 6"],
    ['{\n  "name": nope }', "malformed JSON at line 2, column 12"],
    ["{'a': 1}", "malformed JSON at line 1, column 2"],
    ['{"name": "a\\u0000b"}', "name must not hold the character NUL (U+0000)"],
    ['{"config": {"to": ["a\\u0000b"]}}', "the body must not hold the character NUL (U+0000)"],
  ])("%j is malformed", async (raw, error) => {
    expect(await test.call("POST", "/api/databases", { token, raw })).toMatchObject({ status: 400, body: { error, code: "bad_request" } });
  });

  it("must be JSON, and say so", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const answer = await test.call("POST", "/auth/login", { raw: "{}", headers: { "content-type": type } });
      expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(/must be sent as application\/json, got "/) } });
    }
  });

  it("above 1 MiB are refused, also without a length", async () => {
    const big = JSON.stringify({ name: "x".repeat(MAX_BODY_BYTES) });
    expect(await test.call("POST", "/api/databases", { token, raw: big })).toMatchObject({ status: 413, body: { error: "the body is larger than 1 MiB", code: "too_large" } });
    const stream = new ReadableStream({ start: (controller) => { controller.enqueue(new TextEncoder().encode(big)); controller.close(); } });
    const streamed = await test.app.request("/auth/login", { method: "POST", body: stream, duplex: "half", headers: { "content-type": "application/json" } });
    expect(streamed.status).toBe(413);
  });

  it("must be UTF-8", async () => {
    const answer = await test.app.request("/auth/login", { method: "POST", body: Buffer.from([0x7b, 0xff, 0x7d]), headers: { "content-type": "application/json" } });
    expect([answer.status, await answer.json()]).toEqual([400, { error: "the body is not valid UTF-8", code: "bad_request" }]);
  });

  it("may not be an array, nor hold prototypes", async () => {
    expect((await test.call("POST", "/api/databases", { token, raw: "[]" })).body.error).toBe("the body must be a JSON object");
    expect((await test.call("POST", "/api/databases", { token, raw: '{"__proto__":{"name":"x"}}' })).status).toBe(400);
  });
});

describe("every answer", () => {
  it("has its security headers and a request id", async () => {
    for (const path of ["/api/databases", "/nowhere", "/healthz", "/api/openapi.json"]) {
      const { headers } = await test.call("GET", path);
      expect(Object.fromEntries(headers), path).toMatchObject({
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY", "cache-control": "no-store",
        "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(headers.has("access-control-allow-origin") || headers.has("server") || headers.has("x-powered-by") || headers.has("strict-transport-security")).toBe(false);
    }
  });

  it("to an unknown route is a 404 in JSON", async () => {
    expect(await test.call("GET", "/nowhere")).toMatchObject({ status: 404, body: { error: "there is no GET /nowhere", code: "not_found" } });
    expect((await test.call("PATCH", "/api/databases", { token, json: {} })).status).toBe(404);
    expect((await test.call("GET", "/api/nowhere", { token })).status).toBe(404);
  });

  it("to a fault of our own tells a number, not the fault", async () => {
    await test.db.schema.dropTable("audit").execute();
    const { status, body, headers } = await test.call("GET", "/api/audit", { token });
    expect(status).toBe(500);
    expect(body).toEqual({ error: "something went wrong on our side", code: "internal", hint: `see the gateway's log for request ${headers.get("x-request-id")}` });
  });
});

describe("/api/docs", () => {
  it("is one page without script, its style named in the policy, and holds every route", async () => {
    const { status, text, headers } = await test.call("GET", "/api/docs");
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'/);
    expect(text).not.toMatch(/<script|https?:\/\/(?!.*example)|\[object|undefined/);
    for (const { path } of await operations()) expect(text).toContain(`<code>${path}</code>`);
  });
});

describe("/metrics", () => {
  it("counts by the route's pattern, not by what was asked for", async () => {
    await test.call("GET", "/api/databases/12345", { token });
    await test.call("GET", "/made/up/path");
    const { text } = await test.call("GET", "/metrics");
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/api/databases/:id",status="404"} 1');
    expect(text).toContain('route="none",status="404"');
    expect(text).not.toMatch(/12345|\/made/);
  });

  it("is shown to nobody without the token where others reach the gateway", async () => {
    await using open = await openTestApp({ SAFEBASE_HOST: "0.0.0.0" });
    expect(await open.call("GET", "/metrics")).toMatchObject({ status: 403, body: { code: "forbidden", hint: expect.stringContaining("SAFEBASE_METRICS_TOKEN") } });
    expect((await open.call("GET", "/healthz")).status).toBe(200);
    await using guarded = await openTestApp({ SAFEBASE_HOST: "0.0.0.0", SAFEBASE_METRICS_TOKEN: "a-token-of-sixteen-letters" });
    expect((await guarded.call("GET", "/metrics", { token: await guarded.account("admin@example.org") })).status).toBe(401); // an account's is another
    expect(await guarded.call("GET", "/metrics", { token: "a-token-of-sixteen-letters" })).toMatchObject({ status: 200, text: expect.stringContaining("http_request_duration_seconds") });
  });
});
