import { connect, until } from "@safebase/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Client, Json } from "../client.ts";
import { filledDatabase, startSystem, type System } from "./system.ts";

let system: System;
let ann: Client, ben: Client;
beforeAll(async () => {
  system = await startSystem();
  [ann, ben] = [await system.newUser("ann@example.org"), await system.newUser("ben@example.org")];
});
afterAll(() => system[Symbol.asyncDispose]());

/** What goes on by itself. */
const VOLATILE = /"(starts_in_s|age_s)":[\d.]+/g;

interface Operation { readonly method: string; readonly path: string }

/** Every route with an id, as the API describes itself. */
async function routesWithId(): Promise<Operation[]> {
  const { paths } = await ann.call<{ paths: Record<string, Json> }>("GET", "/api/openapi.json");
  return Object.entries(paths).filter(([path]) => path.includes("{id}"))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })));
}

/** A body that the route would take from the owner. */
function bodyFor({ method, path }: Operation, db_name: string): Json | undefined {
  if (path.endsWith("/restore")) return { confirm: db_name, delay_s: 0 };
  if (method === "PUT" && path.startsWith("/api/backups/")) return { pinned: true };
  if (method === "PUT" && path.startsWith("/api/objectives/")) return { enabled: false };
  if (method === "PUT" && path.startsWith("/api/storages/")) return { shared: false };
  if (method === "PUT" && path.endsWith("/identity")) return { identity: "AGE-SECRET-KEY-1" };
  if (method === "PUT") return { name: "stolen" };
  if (method === "PATCH") return { role: "admin" };
  if (method === "POST" && path.endsWith("/copies")) return { storage: "local" };
  if (path.endsWith("/identity")) return method === "POST" ? { password: "a long password" } : undefined;
  return method === "GET" || method === "DELETE" ? undefined : {};
}

test("what belongs to another is as missing as what never was, on every route with an id", async () => {
  await using database = await filledDatabase(inject("postgres"), ann, "anns", 10);
  const backup = await ann.backedUp(database.id);
  const restore = await ann.restore(backup.id, database.db_name, { delay_s: 600 });
  const verification = await ann.verify(backup.id);
  await ann.ended("verification", verification.id);
  const { schedule } = await ann.call<{ schedule: { id: number } }>("POST", "/api/schedules", { database_id: database.id, cron: "0 3 * * *" });
  const { objectives: [objective] } = await ann.call<{ objectives: { id: number }[] }>("GET", `/api/objectives?database_id=${database.id}`);
  const { channel } = await ann.call<{ channel: { id: number } }>("POST", "/api/channels", { name: "mail", config: { type: "email", to: ["ann@example.org"] }, events: ["backup_completed"] });
  const { api_token } = await ann.call<{ api_token: { id: number } }>("POST", "/api/tokens", { name: "ci" });
  await ann.backedUp(database.id);
  const { notifications: [notification] } = await until("a notification", async () => {
    const answer = await ann.call<{ notifications: { id: number }[] }>("GET", "/api/notifications");
    return answer.notifications.length > 0 && answer;
  });
  const owned: [RegExp, number | undefined][] = [
    [/^\/api\/tokens\//, api_token.id], [/^\/api\/objectives\//, objective?.id], [/^\/api\/channels\//, channel.id], [/^\/api\/notifications\//, notification?.id],
    [/^\/api\/databases\/|^\/api\/backups\/database\//, database.id], [/^\/api\/backups\//, backup.id],
    [/^\/api\/restores\//, restore.id], [/^\/api\/verifications\//, verification.id], [/^\/api\/jobs\//, restore.job_id], [/^\/api\/schedules\//, schedule.id], [/^\/api\/users\//, 1], [/^\/api\/executors\/join-tokens\//, 1],
  ];
  const { key } = await ann.call<{ key: { id: number } }>("POST", "/api/keys", { name: "mine", generate: true });
  const { check } = await ann.call<{ check: { id: number } }>("POST", `/api/backups/${backup.id}/check`);
  await ann.ended("check", check.id);
  const s3 = { type: "s3", endpoint: "https://s3.example.org", bucket: "anns", access_key_id: "anns", secret_access_key: "anns" };
  const { storage } = await ann.call<{ storage: { id: number } }>("POST", "/api/storages", { name: "anns", config: s3 });
  const { server } = await ann.call<{ server: { id: number } }>("POST", "/api/servers", { name: "anns", type: "postgresql", host: "127.0.0.1", port: 1, username: "ann", password: "anns" });
  owned.push([/^\/api\/storages\//, storage.id], [/^\/api\/servers\//, server.id], [/^\/api\/keys\//, key.id], [/^\/api\/checks\//, check.id]);
  const routes = await routesWithId();
  expect(routes.length).toBeGreaterThanOrEqual(18);
  const everything = async () => JSON.parse(JSON.stringify(await Promise.all(["databases", "backups", "restores", "verifications", "schedules", "objectives", "channels", "tokens", "keys", "storages", "servers"].map((things) => ann.call("GET", `/api/${things}`)))).replaceAll(VOLATILE, "\"$1\":0")) as unknown;
  const before = await everything();

  for (const route of routes) {
    const id = owned.find(([pattern]) => pattern.test(route.path))?.[1];
    expect(id, `${route.path}: this test must learn whose ids these are`).toBeDefined();
    const body = bodyFor(route, database.db_name);
    const name = `${route.method} ${route.path}`;
    const at = (some: string): string => route.path.replace("{id}", some).replace("{storage}", "local").replace("{scan_id}", "1");
    const foreign = await ben.ask(route.method, at(String(id)), body);
    const missing = await ben.ask(route.method, at("987654"), body);
    if (/^\/api\/(users|executors)\//.test(route.path)) {
      expect([foreign, missing], name).toMatchObject([{ status: 403 }, { status: 403 }]);
      expect(await system.admin.ask(route.method, at("987654"), body), name).toMatchObject({ status: 404, body: { code: "not_found" } });
      continue;
    }
    expect([foreign, missing], name).toMatchObject([{ status: 404, body: { code: "not_found" } }, { status: 404, body: { code: "not_found" } }]);
    expect(foreign.body["error"], name).toBe(String(missing.body["error"]).replace("987654", String(id)));
  }
  expect(await everything()).toEqual(before); // nothing happened to it
  await ann.call("POST", `/api/jobs/${restore.job_id}/cancel`);
});

test("another's things are in no list, no total and no body", async () => {
  await using database = await filledDatabase(inject("postgres"), ann, "anns", 10);
  await using own = await filledDatabase(inject("postgres"), ben, "bens", 10);
  const backup = await ann.backedUp(database.id);
  const bens = await ben.backedUp(own.id);
  await ann.call("POST", "/api/schedules", { database_id: database.id, cron: "0 4 * * *" });
  for (const path of ["/api/databases", "/api/backups", "/api/restores", "/api/verifications", "/api/schedules", "/api/objectives", "/api/channels", "/api/storages", "/api/servers", "/api/notifications", "/api/notices", "/api/audit?per_page=200", "/api/stats"]) {
    const answer = await ben.ask("GET", path);
    expect(answer.status, path).toBe(200);
    expect(JSON.stringify(answer.body), path).not.toMatch(/anns_|ann@example\.org/);
    expect((await ben.ask("GET", `${path}${path.includes("?") ? "&" : "?"}scope=all`)).status, path).toBe(403);
  }
  expect(await ben.call("GET", "/api/stats")).toMatchObject({ databases: 1, backups: { total: 1 }, next_runs: [] });
  expect(await ben.call("GET", `/api/backups?database_id=${database.id}`)).toMatchObject({ backups: [], pagination: { total: 0 } });
  // Ids in bodies are no way around.
  expect(await ben.ask("POST", "/api/schedules", { database_id: database.id, cron: "0 3 * * *" })).toMatchObject({ status: 404 });
  expect(await ben.ask("POST", `/api/backups/${bens.id}/restore`, { confirm: database.db_name, target: { database_id: database.id } })).toMatchObject({ status: 404 });
  const all = await system.admin.call<{ backups: { id: number }[] }>("GET", "/api/backups?scope=all&per_page=200");
  expect(all.backups.map(({ id }) => id)).toEqual(expect.arrayContaining([backup.id, bens.id])); // it is there to be seen
});

test("two restores to one target: the second is refused, as long as the first is not over", async () => {
  await using database = await filledDatabase(inject("postgres"), ann, "target", 10);
  const backup = await ann.backedUp(database.id);
  const first = await ann.restore(backup.id, database.db_name, { delay_s: 600 });
  const path = `/api/backups/${backup.id}/restore`;
  expect(await ann.ask("POST", path, { confirm: database.db_name, delay_s: 0 }))
    .toMatchObject({ status: 409, body: { code: "target_busy", error: `restore ${first.id} to ${database.db_name} is pending`, hint: "wait until it is over, or cancel it" } });
  expect(await ann.ask("DELETE", `/api/backups/${backup.id}`)).toMatchObject({ status: 409, body: { error: `restore ${first.id} needs backup ${backup.id}` } });
  expect(await ann.ask("DELETE", `/api/databases/${database.id}`)).toMatchObject({ status: 409, body: { code: "conflict" } });
  await ann.call("POST", `/api/jobs/${first.job_id}/cancel`);
  expect((await ann.restored(backup.id, database.db_name)).id).toBeGreaterThan(first.id);
});

test("an account that owns something is not deleted, a deleted one's token holds no more", async () => {
  const leaver = await system.newUser("leaver@example.org");
  const id = (await leaver.call<{ user: { id: number } }>("GET", "/auth/me")).user.id;
  const database = await leaver.addDatabase(inject("postgres"), "leavers");
  expect(await system.admin.ask("DELETE", `/api/users/${id}`)).toMatchObject({ status: 409 });
  await leaver.call("DELETE", `/api/databases/${database}`);
  expect(await system.admin.ask("DELETE", `/api/users/${id}`)).toMatchObject({ status: 200 });
  expect(await leaver.ask("GET", "/api/databases")).toMatchObject({ status: 401, body: { error: "the account of this token does not exist any more" } });
  await using session = await connect(inject("postgres")); // the server itself was never asked
  expect(await session.query("SELECT 1 FROM pg_database WHERE datname = 'leavers'")).toEqual([]);
});
