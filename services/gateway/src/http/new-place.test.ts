import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestApp, PASSWORD, type TestApp } from "./app-fixture.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";

const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

let test: TestApp;
let kicks = 0;
beforeEach(async () => {
  kicks = 0;
  test = await openTestApp({ SAFEBASE_TRUST_PROXY: "on" }, { dispatcher: { kick: () => { kicks++; } } as Dispatcher });
});
afterEach(() => test[Symbol.asyncDispose]());

const from = (ip: string, agent = AGENT) => ({ "x-forwarded-for": ip, "user-agent": agent });
const login = async (ip: string, { email = "ann@example.org", password = PASSWORD, agent = AGENT } = {}) =>
  (await test.call("POST", "/auth/login", { json: { email, password }, headers: from(ip, agent) })).status;
const notices = async () => (await test.db.selectFrom("notices").select(["kind", "user_id", "payload"]).orderBy("created_at").execute());
const places = async () => (await test.db.selectFrom("known_places").select(["user_id", "place"]).orderBy("place").execute());

describe("a login from a new place", () => {
  beforeEach(async () => {
    await test.call("POST", "/auth/register", { json: { email: "ann@example.org", password: PASSWORD }, headers: from("192.0.2.1") });
  });

  it("is told, once, with address and program, to the account's own channels", async () => {
    expect(await login("192.0.2.99")).toBe(200);
    expect(await notices()).toEqual([]);
    expect(await login("198.51.100.7")).toBe(200);
    expect(await login("198.51.100.8")).toBe(200);
    const [notice, ...more] = await notices();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ kind: "login_new_place", user_id: 1 });
    expect(JSON.parse(notice!.payload)).toMatchObject({ severity: "warning", user_email: "ann@example.org", login: { ip: "198.51.100.7", user_agent: AGENT } });
    expect(await login("192.0.2.1", { agent: "curl/8.5.0" })).toBe(200);
    expect(await notices()).toHaveLength(2);
    expect(kicks).toBe(2);
  });

  it("that failed makes no place known", async () => {
    expect(await login("203.0.113.9", { password: "wrong password" })).toBe(401);
    expect(await places()).toEqual([{ user_id: 1, place: "192.0.2.0/24 Firefox/Linux" }]);
    expect(await login("203.0.113.9")).toBe(200);
    expect(await notices()).toHaveLength(1);
  });

  it("is no news for an account that was never used, such as one that an admin made", async () => {
    const { body } = await test.call("POST", "/auth/login", { json: { email: "ann@example.org", password: PASSWORD }, headers: from("192.0.2.1") });
    await test.call("POST", "/auth/register", { json: { email: "bob@example.org", password: PASSWORD }, token: body.token as string, headers: from("192.0.2.1") });
    expect((await places()).map(({ user_id }) => user_id)).toEqual([1]);
    expect(await login("198.51.100.7", { email: "bob@example.org" })).toBe(200);
    expect(await notices()).toEqual([]);
    expect(await login("203.0.113.1", { email: "bob@example.org" })).toBe(200);
    expect(await notices()).toMatchObject([{ user_id: 2 }]);
  });
});
