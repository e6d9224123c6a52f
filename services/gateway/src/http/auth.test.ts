import { sign } from "hono/jwt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { authenticate, sessionHolds } from "../auth/authenticate.ts";
import { RIGHTS } from "../auth/rights.ts";
import { openTestApp, PASSWORD, type TestApp } from "./app-fixture.ts";

let test: TestApp;
beforeEach(async () => { test = await openTestApp(); });
afterEach(async () => { vi.useRealTimers(); await test[Symbol.asyncDispose](); });

const register = (json: Record<string, unknown>, token?: string) =>
  test.call("POST", "/auth/register", { json: { password: PASSWORD, ...json }, ...(token === undefined ? {} : { token }) });
const login = (email: string, password = PASSWORD) => test.call("POST", "/auth/login", { json: { email, password } });
const me = (token: string) => test.call("GET", "/auth/me", { token });

describe("POST /auth/register", () => {
  it("makes the first account the admin and later ones users", async () => {
    const first = await register({ email: "First@Example.org" });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({ user: { id: 1, email: "first@example.org", role: "admin", created_at: expect.any(String) }, rights: { own: RIGHTS, others: RIGHTS }, must_change_password: false, token: expect.any(String) });
    const second = await register({ email: "b@example.org" });
    expect(second.body.user.role).toBe("user");
    expect(first.text + second.text).not.toMatch(/password_hash|argon2/);
  });

  it("makes one admin of two who come first at once", async () => {
    const answers = await Promise.all(["a", "b", "c", "d"].map((name) => register({ email: `${name}@example.org` })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(answers.filter(({ body }) => body.user.role === "admin")).toHaveLength(1);
  });

  it("lets nobody but an admin make an admin", async () => {
    const admin = await test.account("admin@example.org");
    const user = await test.account("user@example.org");
    for (const token of [undefined, user]) {
      const answer = await register({ email: "evil@example.org", role: "admin" }, token);
      expect(answer).toMatchObject({ status: 403, body: { error: "nobody gives himself the role admin", code: "forbidden" } });
    }
    expect(await register({ email: "other@example.org", role: "admin" }, admin)).toMatchObject({ status: 201, body: { user: { role: "admin" } } });
    expect((await test.db.selectFrom("audit").selectAll().where("outcome", "=", "refused").execute()).map((row) => row.action)).toEqual(["auth.register", "auth.register"]);
  });

  it("is closed when the settings say so, but for the first account and for admins", async () => {
    await using closed = await openTestApp({ SAFEBASE_REGISTRATION: "closed" });
    const admin = await closed.account("admin@example.org");
    const json = { email: "b@example.org", password: PASSWORD };
    expect(await closed.call("POST", "/auth/register", { json })).toMatchObject({ status: 403, body: { error: "registration is closed" } });
    expect((await closed.call("POST", "/auth/register", { json, token: admin })).status).toBe(201);
  });

  it("takes an email once, however it is written, also when two come at once", async () => {
    const answers = await Promise.all([register({ email: "a@example.org" }), register({ email: "A@EXAMPLE.org" })]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: "conflict", error: "an account with the email a@example.org exists already" });
  });

  it("stops an address after 20 in a quarter of an hour, refused ones included, but no admin", async () => {
    const admin = await test.account("admin@example.org");
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => register({ email: `u${n}@example.org`, role: "admin" })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([...Array<number>(19).fill(403), 429]);
    const stopped = await register({ email: "next@example.org" });
    expect(stopped).toMatchObject({ status: 429, body: { code: "too_many_requests", error: "too many registrations from this address, try again later" } });
    expect(Number(stopped.headers.get("retry-after"))).toBeGreaterThan(800);
    expect((await register({ email: "by-admin@example.org" }, admin)).status).toBe(201);
    vi.useFakeTimers({ now: Date.now() + 15 * 60_000, toFake: ["Date"] });
    expect((await register({ email: "next@example.org" })).status).toBe(201);
  });

  it.each([
    [{ email: "nobody" }, 'email must be an email address, got "nobody"'],
    [{ email: "a@example.org", password: "short" }, "password must have at least 8 characters"],
    [{ email: "a@example.org", password: "x".repeat(1025) }, "password must have at most 1024 characters"],
    [{ email: "a@example.org", password: undefined }, "password is missing"],
    [{}, "email is missing"],
    [{ email: "a@example.org", role: "root" }, 'role must be admin, operator, user or viewer, got "root"'],
    [{ email: "a@example.org", is_admin: true }, "unknown field: is_admin"],
  ])("%j is refused", async (json, error) => {
    expect(await register(json)).toMatchObject({ status: 400, body: { error, code: "bad_request" } });
  });
});

describe("POST /auth/login", () => {
  it("answers a token and sets it as a cookie that scripts cannot read", async () => {
    await test.account("a@example.org");
    const answer = await login("A@example.org");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toMatch(/^safebase_session=[^;]+; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await me(answer.body.token as string)).body.user).toEqual(answer.body.user);
  });

  it("marks the cookie Secure and sends HSTS where TLS ends in front of us", async () => {
    await using https = await openTestApp({ SAFEBASE_PUBLIC_URL: "https://safebase.example" });
    await https.account("a@example.org");
    const answer = await https.call("POST", "/auth/login", { json: { email: "a@example.org", password: PASSWORD } });
    expect(answer.headers.get("set-cookie")).toContain("; Secure");
    expect(answer.headers.get("strict-transport-security")).toMatch(/max-age=/);
  });

  it("tells a wrong password and an unknown email alike", async () => {
    await test.account("a@example.org");
    const [wrong, unknown] = [await login("a@example.org", "wrong password"), await login("b@example.org")];
    expect(wrong).toMatchObject({ status: 401, body: { error: "the email or the password is wrong", code: "unauthorized" } });
    expect(unknown.body).toEqual(wrong.body);
  });

  it("stops after 5 failures, guesses sent at once included, and forgets them in time", async () => {
    await test.account("a@example.org");
    const guesses = await Promise.all(Array.from({ length: 8 }, () => login("a@example.org", "wrong password")));
    expect(guesses.map(({ status }) => status).sort((a, b) => a - b)).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const right = await login("a@example.org");
    expect(right).toMatchObject({ status: 429, body: { code: "too_many_requests", error: "too many failed logins, try again later" } });
    expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(800);
    expect((await login("b@example.org")).status).toBe(401); // another account is not locked
    vi.useFakeTimers({ now: Date.now() + 16 * 60_000, toFake: ["Date"] });
    expect((await login("a@example.org")).status).toBe(200);
  });

  it("forgets the failures of an account that logs in, and stops an address after 50", async () => {
    await test.account("a@example.org");
    for (let round = 0; round < 3; round++) {
      for (let guess = 0; guess < 4; guess++) expect((await login("a@example.org", "wrong password")).status).toBe(401);
      expect((await login("a@example.org")).status).toBe(200);
    }
    for (let guess = 0; guess < 38; guess++) expect((await login(`x${guess}@example.org`)).status).toBe(401);
    expect((await login("y@example.org")).status).toBe(429);
    expect((await login("a@example.org")).status).toBe(429);
  });
});

describe("addresses", () => {
  it("are the socket's, and behind a trusted proxy the last one that it added", async () => {
    const headers = { "x-forwarded-for": "6.6.6.6, 10.0.0.9", "x-forwarded-proto": "https" };
    for (const [trust, ip, hsts] of [["off", null, false], ["on", "10.0.0.9", true]] as const) {
      await using one = await openTestApp({ SAFEBASE_TRUST_PROXY: trust });
      const answer = await one.call("POST", "/auth/register", { json: { email: "a@example.org", password: PASSWORD }, headers });
      expect(answer.headers.has("strict-transport-security")).toBe(hsts);
      expect(await one.db.selectFrom("audit").select("ip").execute()).toEqual([{ ip }]);
    }
  });
});

describe("tokens", () => {
  it("end with a logout", async () => {
    const token = await test.account("a@example.org");
    expect((await test.call("POST", "/auth/logout", { token })).status).toBe(200);
    expect(await me(token)).toMatchObject({ status: 401, body: { error: "this session was logged out", code: "unauthorized" } });
    expect((await me((await login("a@example.org")).body.token as string)).status).toBe(200);
  });

  it("end all together with a logout everywhere, but for other accounts', later ones and API tokens", async () => {
    const [here, other] = [await test.account("a@example.org"), await test.account("b@example.org")];
    const there = (await login("a@example.org")).body.token as string;
    const api = (await test.call("POST", "/api/tokens", { token: here, json: { name: "ci" } })).body.token as string;
    const { claims } = await authenticate(test.deps, there, null);
    expect(await sessionHolds(test.deps, claims, "admin")).toBe(true);
    expect(await test.call("POST", "/auth/logout", { token: here, json: { everywhere: "yes" } })).toMatchObject({ status: 400 });
    expect(await test.call("POST", "/auth/logout", { token: here, json: { everywhere: true } })).toMatchObject({ status: 200, body: { message: "logged out everywhere" } });
    for (const token of [here, there]) expect(await me(token)).toMatchObject({ status: 401, body: { error: "this session was logged out" } });
    expect(await sessionHolds(test.deps, claims, "admin")).toBe(false);
    const later = (await login("a@example.org")).body.token as string;
    for (const token of [other, api, later]) expect((await me(token)).status).toBe(200);
    const audit = await test.db.selectFrom("audit").select("detail").where("action", "=", "auth.logout").execute();
    expect(audit.map(({ detail }) => JSON.parse(detail ?? "null") as unknown)).toEqual([{ everywhere: true, links_revoked: 0 }]);
  });

  it("expire after a day", async () => {
    const token = await test.account("a@example.org");
    vi.useFakeTimers({ now: Date.now() + 24 * 3600_000 + 1000, toFake: ["Date"] });
    expect(await me(token)).toMatchObject({ status: 401, body: { error: "the token has expired", code: "unauthorized" } });
  });

  it("are refused when they are not ours", async () => {
    await test.account("a@example.org");
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: "1", role: "admin", jti: "x", iat: now, exp: now + 100 };
    const key = test.deps.secrets.derive("jwt").toString("base64url");
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
    const forged = [await sign(claims, "another key"), await sign(claims, key, "HS512"), none, "nonsense", await sign({ sub: "1", role: "admin" }, key)];
    for (const token of forged) expect(await me(token)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    expect((await me(await sign(claims, key))).status).toBe(200); // the same with our key and algorithm holds
  });

  it("follow the account: a role that is taken counts at once, an account that is gone ends them", async () => {
    const admin = await test.account("admin@example.org");
    const other = (await register({ email: "b@example.org", role: "admin" }, admin)).body;
    expect((await test.call("GET", "/api/users", { token: other.token })).status).toBe(200);
    expect((await test.call("PATCH", `/api/users/${other.user.id}`, { token: admin, json: { role: "user" } })).body.user.role).toBe("user");
    expect((await test.call("GET", "/api/users", { token: other.token })).status).toBe(403);
    expect((await test.call("DELETE", `/api/users/${other.user.id}`, { token: admin })).status).toBe(200);
    expect((await me(other.token as string)).status).toBe(401);
  });

  it("in a cookie change something only from our own pages", async () => {
    const token = await test.account("a@example.org");
    const post = (headers: Record<string, string>) => test.call("POST", "/auth/logout", { headers: { cookie: `safebase_session=${token}`, host: "localhost", ...headers } });
    const get = await test.call("GET", "/auth/me", { headers: { cookie: `safebase_session=${token}` } });
    expect(get.status).toBe(200);
    for (const headers of [{}, { origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site", origin: "http://localhost" }, { origin: "null" }]) {
      expect(await post(headers), JSON.stringify(headers)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    }
    expect((await post({ origin: "http://localhost" })).status).toBe(200);
  });
});

describe("/api/users", () => {
  it("is for admins, and one of them remains", async () => {
    const admin = await test.account("admin@example.org");
    const user = await test.account("user@example.org");
    expect((await test.call("GET", "/api/users", { token: admin })).body.users.map((one: { email: string }) => one.email)).toEqual(["admin@example.org", "user@example.org"]);
    for (const [method, path, json] of [["GET", "/api/users", undefined], ["PATCH", "/api/users/2", { role: "admin" }], ["DELETE", "/api/users/1", undefined]] as const) {
      expect(await test.call(method, path, { token: user, ...(json === undefined ? {} : { json }) })).toMatchObject({ status: 403, body: { error: "only an admin may do this" } });
    }
    expect(await test.call("PATCH", "/api/users/1", { token: admin, json: { role: "user" } })).toMatchObject({ status: 409, body: { error: "the last admin stays an admin" } });
    expect((await test.call("DELETE", "/api/users/1", { token: admin })).status).toBe(409);
    expect((await test.call("PATCH", "/api/users/99", { token: admin, json: { role: "user" } })).status).toBe(404);
    expect(await test.call("PATCH", "/api/users/2", { token: admin, json: { role: "root" } })).toMatchObject({ status: 400, body: { error: 'role must be admin, operator, user or viewer, got "root"' } });
  });
});

describe("POST /auth/password", () => {
  const change = (token: string | undefined, json: Record<string, unknown>) => test.call("POST", "/auth/password", { json, ...(token === undefined ? {} : { token }) });

  it("changes the password, ends every session, and answers one that goes on", async () => {
    const token = await test.account("ann@example.org");
    const other = (await login("ann@example.org")).body.token as string;
    const answer = await change(token, { password: PASSWORD, new_password: "another long one" });
    expect(answer).toMatchObject({ status: 200, body: { user: { email: "ann@example.org" } } });
    expect((await me(answer.body.token as string)).status).toBe(200);
    for (const old of [token, other]) expect((await me(old)).status).toBe(401);
    expect([(await login("ann@example.org")).status, (await login("ann@example.org", "another long one")).status]).toEqual([401, 200]);
    const audit = await test.db.selectFrom("audit").select(["action", "outcome", "detail"]).where("action", "=", "auth.password").execute();
    expect(audit).toMatchObject([{ outcome: "ok" }]);
    expect(JSON.stringify(audit)).not.toContain("another long one");
  });

  it("asks for the old one, and takes five wrong ones", async () => {
    const token = await test.account("ann@example.org");
    for (let n = 0; n < 5; n++) expect(await change(token, { password: "wrong", new_password: "another long one" })).toMatchObject({ status: 401, body: { error: "password is wrong" } });
    expect((await change(token, { password: PASSWORD, new_password: "another long one" })).status).toBe(429);
    expect((await me(token)).status).toBe(200);
    expect(await change(token, { password: PASSWORD, new_password: "short" })).toMatchObject({ status: 400, body: { error: expect.stringContaining("new_password") } });
    expect((await change(undefined, { password: PASSWORD, new_password: "another long one" })).status).toBe(401);
  });
});
