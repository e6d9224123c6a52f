import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { authenticate, sessionHolds } from "../auth/authenticate.ts";
import { openTestApp, type TestApp } from "./app-fixture.ts";

let test: TestApp;
let admin: string, user: string;
beforeEach(async () => {
  test = await openTestApp({ SAFEBASE_TRUST_PROXY: "on" });
  admin = await test.account("admin@example.org");
  user = await test.account("user@example.org");
});
afterEach(async () => { vi.useRealTimers(); await test[Symbol.asyncDispose](); });

const make = (token: string, json: object = { name: "ci" }) => test.call("POST", "/api/tokens", { token, json });
const list = async (token: string, query = "") => (await test.call("GET", `/api/tokens${query}`, { token })).body.api_tokens as unknown[];
const from = (ip: string) => ({ "x-forwarded-for": ip });
const later = (ms: number) => vi.useFakeTimers({ now: Date.now() + ms, toFake: ["Date"] });

describe("an API token", () => {
  it("is shown once, and has its user's rights wherever a session has them", async () => {
    const made = await make(user, { name: " nightly script " });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      token: expect.stringMatching(/^sbt_[\w-]{43}$/),
      api_token: { id: 1, user_id: 2, name: "nightly script", rights: "administer", created_at: expect.any(String), expires_at: null, last_used_at: null, last_used_ip: null },
    });
    const { token } = made.body as { token: string };
    expect((await test.call("GET", "/auth/me", { token })).body.user.email).toBe("user@example.org");
    expect((await test.call("GET", "/api/databases", { token })).status).toBe(200);
    expect((await test.call("GET", "/api/users", { token })).status).toBe(403);
    expect((await test.call("GET", "/api/databases?scope=all", { token })).status).toBe(403);
    expect((await test.call("PATCH", "/api/users/2", { token: admin, json: { role: "admin" } })).status).toBe(200);
    expect((await test.call("GET", "/api/users", { token })).status).toBe(200); // his rights, whatever they become
    const kept = JSON.stringify([await list(user), await test.db.selectFrom("api_tokens").selectAll().execute(), await test.db.selectFrom("audit").selectAll().execute()]);
    expect(kept).not.toContain(token.slice(4));
  });

  it("says when and from where it was last used, to the minute", async () => {
    const { token } = (await make(user)).body as { token: string };
    const used = async (ip: string) => {
      await test.call("GET", "/auth/me", { token, headers: from(ip) });
      return (await list(user))[0] as { last_used_at: string; last_used_ip: string };
    };
    const first = await used("192.0.2.1");
    expect(first.last_used_ip).toBe("192.0.2.1");
    later(30_000);
    expect(await used("192.0.2.1")).toEqual(first);
    expect((await used("192.0.2.2")).last_used_ip).toBe("192.0.2.2");
    const before = await used("192.0.2.2");
    later(60_000);
    expect(Date.parse((await used("192.0.2.2")).last_used_at) - Date.parse(before.last_used_at)).toBeGreaterThanOrEqual(60_000);
  });

  it("ends when it expires, is revoked, or its user goes", async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const [short, long] = [(await make(user, { name: "short", expires_at })).body, (await make(user, { name: "long" })).body];
    const { claims } = await authenticate(test.deps, long.token as string, null);
    expect(await sessionHolds(test.deps, claims, "user")).toBe(true);
    expect((await authenticate(test.deps, short.token as string, null)).claims.expires_at.toISOString()).toBe(expires_at); // streams end with it
    later(3_600_000);
    expect(await test.call("GET", "/auth/me", { token: short.token })).toMatchObject({ status: 401, body: { error: 'the API token "short" has expired', code: "unauthorized" } });
    expect((await test.call("GET", "/auth/me", { token: long.token })).status).toBe(200);
    expect(await test.call("DELETE", `/api/tokens/${long.api_token.id}`, { token: long.token })).toMatchObject({ status: 200 }); // also by itself
    expect(await test.call("GET", "/auth/me", { token: long.token })).toMatchObject({ status: 401, body: { error: "the API token is not valid" } });
    expect(await sessionHolds(test.deps, claims, "user")).toBe(false);
    const last = (await make(user)).body.token as string;
    await test.call("DELETE", "/api/users/2", { token: admin });
    expect((await test.call("GET", "/auth/me", { token: last })).status).toBe(401);
  });

  it("makes no other ones, and is no session to end", async () => {
    const { token } = (await make(admin)).body as { token: string };
    expect(await make(token)).toMatchObject({ status: 403, body: { error: "an API token makes no other ones", code: "forbidden" } });
    expect(await test.call("POST", "/auth/logout", { token })).toMatchObject({ status: 409, body: { hint: "revoke it: DELETE /api/tokens/1" } });
    expect((await list(admin)).length).toBe(1);
  });

  it("is its user's alone; an admin sees and revokes those of others when he asks for all", async () => {
    const hers = (await make(user)).body.api_token as { id: number };
    expect([(await list(admin)).length, (await list(admin, "?scope=all")).length]).toEqual([0, 1]);
    expect(await test.call("DELETE", `/api/tokens/${hers.id}`, { token: admin })).toMatchObject({ status: 404, body: { error: "API token 1 not found" } });
    expect((await test.call("DELETE", `/api/tokens/${hers.id}?scope=all`, { token: admin })).status).toBe(200);
    const audit = await test.db.selectFrom("audit").select(["actor", "action", "object_id", "detail"]).where("action", "like", "token.%").orderBy("id").execute();
    expect(audit.map((entry) => ({ ...entry, detail: JSON.parse(entry.detail ?? "null") as unknown }))).toEqual([
      { actor: "user@example.org", action: "token.create", object_id: 1, detail: { name: "ci", expires_at: null, rights: "administer" } },
      { actor: "admin@example.org", action: "token.delete", object_id: 1, detail: { name: "ci", user_id: 2 } },
    ]);
  });

  it.each([
    [{}, "name is missing"], [{ name: "  " }, /^name must have at least 1 character/], [{ name: "x".repeat(101) }, /^name must have at most 100 characters/],
    [{ name: "ci", expires_at: "tomorrow" }, 'expires_at must be a time such as 2026-01-31T12:00:00Z, got "tomorrow"'],
    [{ name: "ci", expires_at: "2020-01-01T00:00:00+01:00" }, "expires_at must be in the future, got 2019-12-31T23:00:00.000Z"],
    [{ name: "ci", role: "admin" }, "unknown field: role"],
  ])("%j is refused", async (json, error) => {
    const { status, body } = await make(user, json);
    expect([status, body.error]).toEqual([400, typeof error === "string" ? error : expect.stringMatching(error)]);
  });

  it("is one of 50 at most", async () => {
    for (let made = 0; made < 50; made++) expect((await make(user)).status).toBe(201);
    expect(await make(user)).toMatchObject({ status: 409, body: { error: "there are 50 API tokens of yours already" } });
    expect((await make(admin)).status).toBe(201);
  });

  it("is not guessed for long", async () => {
    const { token } = (await make(user)).body as { token: string };
    const guess = (ip: string, n: number) => test.call("GET", "/auth/me", { token: `sbt_${n}`, headers: from(ip) });
    for (let n = 0; n < 50; n++) expect((await guess("192.0.2.1", n)).status).toBe(401);
    const stopped = await guess("192.0.2.1", 51);
    expect(stopped).toMatchObject({ status: 429, body: { error: "too many wrong API tokens, try again later" } });
    expect(Number(stopped.headers.get("retry-after"))).toBeGreaterThan(800);
    expect((await guess("192.0.2.2", 52)).status).toBe(401);
    expect((await test.call("GET", "/auth/me", { token, headers: from("192.0.2.1") })).status).toBe(200); // who has one is not locked out
  });
});
