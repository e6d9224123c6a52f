import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { authenticate, sessionHolds } from "../auth/authenticate.ts";
import { openTestApp, PASSWORD, type Answer, type TestApp } from "./app-fixture.ts";

let test: TestApp;
let admin: string;
beforeEach(async () => {
  test = await openTestApp({}, { dispatcher: { kick: () => undefined } as never });
  admin = await test.account("admin@example.org");
});
afterEach(async () => { vi.useRealTimers(); await test[Symbol.asyncDispose](); });

const invite = (role: string, email = `${role}@example.org`) => test.call("POST", "/api/users", { token: admin, json: { email, role } });
const login = (email: string, password: string) => test.call("POST", "/auth/login", { json: { email, password } });
const change = (token: string, password: string, new_password: string) => test.call("POST", "/auth/password", { token, json: { password, new_password } });
const patch = (id: number, json: object) => test.call("PATCH", `/api/users/${id}`, { token: admin, json });
const asks = async (token: string, path = "/api/databases"): Promise<number> => (await test.call("GET", path, { token })).status;
const actions = async (): Promise<string[]> => (await test.db.selectFrom("audit").select("action").orderBy("id").execute()).map(({ action }) => action);

/** Invited, and with a password of his own. */
async function member(role: string, email?: string): Promise<{ id: number; token: string }> {
  const { user, password } = (await invite(role, email)).body as { user: { id: number; email: string }; password: string };
  const session = await login(user.email, password);
  return { id: user.id, token: (await change(session.body.token as string, password, PASSWORD)).body.token as string };
}

describe("an account that an admin makes", () => {
  it("has a password that is shown once, and that gets nothing but another one", async () => {
    const made = await invite("viewer", "Vera@Example.org");
    expect(made).toMatchObject({ status: 201, body: {
      user: { id: 2, email: "vera@example.org", role: "viewer", disabled_at: null, last_login_at: null, databases: 0, password_expires_at: expect.any(String) }, password: expect.stringMatching(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/),
    } });
    const { password } = made.body as { password: string };
    const session = await login("vera@example.org", password);
    expect(session.body).toMatchObject({ must_change_password: true, rights: { own: ["read"], others: ["read"] } });
    const token = session.body.token as string;
    expect(await test.call("GET", "/api/databases", { token })).toMatchObject({ status: 403, body: { error: "choose a password of your own first" } });
    const after = await change(token, password, PASSWORD);
    expect(after).toMatchObject({ status: 200, body: { must_change_password: false } });
    expect([await asks(after.body.token as string), await asks(token)]).toEqual([200, 401]);
    expect((await login("vera@example.org", password)).status).toBe(401);
    expect((await test.call("GET", "/api/users", { token: admin })).body.users[1]).toMatchObject({ password_expires_at: null, last_login_at: expect.any(String) });
    const kept = JSON.stringify([await test.db.selectFrom("users").selectAll().execute(), await test.db.selectFrom("audit").selectAll().execute()]);
    expect(kept).not.toContain(password);
    expect(await actions()).toEqual(expect.arrayContaining(["user.create", "auth.password"]));
  });

  it("gets in for a week", async () => {
    const { password } = (await invite("user")).body as { password: string };
    vi.useFakeTimers({ now: Date.now() + 8 * 86_400_000, toFake: ["Date"] });
    expect(await login("user@example.org", password)).toMatchObject({ status: 403, body: { error: "the password that an admin gave out has expired" } });
    expect(await login("user@example.org", "wrong")).toMatchObject({ status: 401, body: { error: "the email or the password is wrong" } });
  });

  it("has an email that nobody has, and a role", async () => {
    expect(await invite("user", "ADMIN@example.org")).toMatchObject({ status: 409, body: { error: "email: an account with the email admin@example.org exists already" } });
    expect(await invite("root")).toMatchObject({ status: 400, body: { error: 'role must be admin, operator, user or viewer, got "root"' } });
    expect((await test.call("POST", "/auth/register", { json: { email: "x@example.org", password: PASSWORD, role: "operator" } }))).toMatchObject({ status: 403, body: { error: "nobody gives himself the role operator" } });
  });
});

describe("an account", () => {
  it("that is disabled ends at once, with its API tokens and links, until it is enabled", async () => {
    const { id, token } = await member("user");
    const script = (await test.call("POST", "/api/tokens", { token, json: { name: "ci" } })).body.token as string;
    const { claims } = await authenticate(test.deps, script, null);
    expect(await patch(id, { disabled: true })).toMatchObject({ status: 200, body: { user: { disabled_at: expect.any(String) } } });
    expect([await asks(token), await asks(script), await sessionHolds(test.deps, claims, "user")]).toEqual([401, 401, false]);
    expect(await login("user@example.org", PASSWORD)).toMatchObject({ status: 403, body: { error: "this account is disabled" } });
    expect((await patch(id, { disabled: false })).body.user.disabled_at).toBeNull();
    expect([await asks(token), await asks(script), (await login("user@example.org", PASSWORD)).status]).toEqual([401, 200, 200]);
    expect(await actions()).toEqual(expect.arrayContaining(["user.disable", "user.enable"]));
  });

  it("whose password an admin resets is out, and chooses another", async () => {
    const { id, token } = await member("operator");
    const { password } = (await test.call("POST", `/api/users/${id}/password`, { token: admin })).body as { password: string };
    expect([await asks(token, "/auth/me"), (await login("operator@example.org", PASSWORD)).status]).toEqual([401, 401]);
    expect((await login("operator@example.org", password)).body.must_change_password).toBe(true);
    expect(await test.call("POST", "/api/users/1/password", { token: admin })).toMatchObject({ status: 409, body: { error: "this is your own account" } });
    expect(await actions()).toContain("user.password");
  });

  it("that is the last admin who gets in stays so", async () => {
    const second = await member("admin", "second@example.org");
    expect((await patch(second.id, { disabled: true })).status).toBe(200);
    for (const json of [{ role: "viewer" }, { role: "user", disabled: false }]) expect(await patch(1, json)).toMatchObject({ status: 409, body: { error: "the last admin stays an admin" } });
    expect(await patch(1, { disabled: true })).toMatchObject({ status: 409, body: { error: "this is your own account" } });
    expect((await test.call("DELETE", "/api/users/1", { token: admin })).status).toBe(409);
    await patch(second.id, { disabled: false });
    expect((await patch(1, { role: "viewer" })).status).toBe(200);
    expect(await test.call("GET", "/api/users", { token: admin })).toMatchObject({ status: 403 }); // from the next request on
  });

  it("changes its email with its password", async () => {
    const { token } = await member("viewer");
    const to = (email: string, password: string): Promise<Answer> => test.call("POST", "/auth/email", { token, json: { email, password } });
    expect((await to("new@example.org", "wrong")).status).toBe(403);
    expect((await to("Admin@example.org", PASSWORD)).body.error).toBe("email: an account with the email admin@example.org exists already");
    expect(await to("New@example.org", PASSWORD)).toMatchObject({ status: 200, body: { user: { email: "new@example.org" } } });
    expect((await login("new@example.org", PASSWORD)).status).toBe(200);
    expect(await actions()).toContain("auth.email");
  });
});

describe("an API token with fewer rights", () => {
  it("does no more than these, whatever its user may", async () => {
    const make = async (rights: string) => (await test.call("POST", "/api/tokens", { token: admin, json: { name: rights, rights } })).body.token as string;
    const [reads, operates, manages] = [await make("read"), await make("operate"), await make("manage")];
    expect(await asks(reads, "/api/databases?scope=all")).toBe(200);
    expect(await test.call("POST", "/api/databases", { token: reads, raw: "{broken" })).toMatchObject({ status: 403, body: { error: "this API token may read and no more, and this needs the right to manage" } });
    const knock = async (token: string, method: string, path: string) => (await test.call(method, path, { token, raw: "{broken" })).status;
    expect([await knock(operates, "POST", "/api/backups/database/1"), await knock(reads, "POST", "/api/backups/database/1")]).toEqual([400, 403]);
    expect([await knock(manages, "POST", "/api/databases"), await asks(manages, "/api/users"), await asks(await make("administer"), "/api/users")]).toEqual([400, 403, 200]);
    const register = (token: string) => test.call("POST", "/auth/register", { token, json: { email: "x@example.org", password: PASSWORD, role: "admin" } });
    expect([(await register(manages)).status, (await register(reads)).body.error]).toEqual([403, "nobody gives himself the role admin"]);
    expect([await asks(reads, "/api/tokens"), await knock(reads, "DELETE", "/api/tokens/1")]).toEqual([200, 403]);
    expect((await test.call("GET", "/auth/me", { token: operates })).body.rights).toEqual({ own: ["read", "operate"], others: ["read", "operate"] });
  });
});

describe("registration", () => {
  it("is closed by an admin, and not opened where the configuration closes it", async () => {
    const set = (registration: string, of = test, token = admin) => of.call("PUT", "/api/settings", { token, json: { registration } });
    expect((await set("closed")).body.settings).toMatchObject({ registration: "closed", registration_fixed: false });
    expect((await test.call("GET", "/auth/registration")).body).toEqual({ first: false, open: false });
    expect((await test.call("POST", "/auth/register", { json: { email: "x@example.org", password: PASSWORD } })).status).toBe(403);
    expect((await set("open")).body.settings.registration).toBe("open");
    expect((await test.call("POST", "/auth/register", { json: { email: "x@example.org", password: PASSWORD } })).status).toBe(201);
    expect(await actions()).toContain("settings.registration");
    await using closed = await openTestApp({ SAFEBASE_REGISTRATION: "closed" });
    expect(await set("open", closed, await closed.account("a@example.org"))).toMatchObject({ status: 409, body: { error: "registration: the configuration closes it" } });
  });
});

describe("the audit log", () => {
  it("is filtered by what, who and when, and taken along without formulas", async () => {
    const evil = "=cmd@example.org";
    const { token } = await member("user");
    await test.call("POST", "/auth/login", { json: { email: evil, password: 'a"b,c' } });
    const found = async (query: string, as = admin) => ((await test.call("GET", `/api/audit?${query}`, { token: as })).body.entries as { action: string }[]).map(({ action }) => action);
    expect(await found("scope=all&subject=user")).toEqual(["user.create"]);
    expect(await found("scope=all&actor=ADMIN%40")).toEqual(["user.create", "auth.register"]);
    expect(await found("scope=all&actor=%25")).toEqual([]);
    expect(await found("scope=all&outcome=refused&subject=auth")).toEqual(["auth.login"]);
    const [now, later] = [new Date().toISOString(), new Date(Date.now() + 60_000).toISOString()];
    expect([await found(`scope=all&since=${later}`), (await found(`scope=all&until=${later}`)).length > 3, (await found(`until=${now}`, token)).every((action) => action.startsWith("auth."))]).toEqual([[], true, true]);
    const csv = await test.call("GET", "/api/audit/export?scope=all", { token: admin });
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="safebase-audit.csv"');
    expect(csv.text.split("\r\n")[0]).toBe("at,actor,action,object_type,object_id,outcome,ip,detail");
    expect(csv.text).toContain(`,'${evil},auth.login,`);
    expect((await test.call("GET", "/api/audit/export", { token })).text).not.toContain("admin@example.org");
  });
});
