import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "./app-fixture.ts";

let app: TestApp, admin: string, bob: string;
beforeAll(async () => {
  app = await openTestApp();
  admin = await app.account("admin@example.org");
  bob = await app.account("bob@example.org");
  await app.call("POST", "/api/databases", { token: bob, json: { name: "shop", type: "postgresql", host: "127.0.0.1", port: 1, username: "u", password: "p", db_name: "shop" } });
});
afterAll(() => app[Symbol.asyncDispose]());

test("one request answers the whole page, of one's own", async () => {
  const { status, body } = await app.call("GET", "/api/dashboard?time_zone=Europe/Paris", { token: bob });
  expect(status).toBe(200);
  expect(body).toMatchObject({ verdict: { state: "missed", databases: 1, never: 1 }, attention: { items: [{ kind: "never_backed_up", database: { name: "shop" } }], total: 1 }, running: { total: 0 } });
  expect([body.days.length, body.usage.length]).toEqual([365, 90]);
});

test("another's are not in it; an admin may ask for everybody's, nobody else", async () => {
  expect((await app.call("GET", "/api/dashboard", { token: admin })).body.verdict).toMatchObject({ state: "nothing", databases: 0 });
  expect((await app.call("GET", "/api/dashboard?scope=all", { token: admin })).body.attention.items).toMatchObject([{ owner: { email: "bob@example.org" } }]);
  expect(await app.call("GET", "/api/dashboard?scope=all", { token: bob })).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

test.each(["%2B02:00", "Mars/Phobos"])("the time zone %s is refused by its name", async (time_zone) => {
  expect(await app.call("GET", `/api/dashboard?time_zone=${time_zone}`, { token: bob })).toMatchObject({ status: 400, body: { error: expect.stringMatching(/^time_zone must be a name such as Europe\/Paris or UTC/) } });
});
