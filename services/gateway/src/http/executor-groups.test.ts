import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestApp, type TestApp } from "./app-fixture.ts";

let test: TestApp;
let admin: string, user: string;
beforeEach(async () => {
  test = await openTestApp({}, { watch: { executors: () => [], lost: () => [], count: () => 0 } as never });
  [admin, user] = [await test.account("admin@example.org"), await test.account("user@example.org")];
});
afterEach(() => test[Symbol.asyncDispose]());

const SHOP = { name: "shop", type: "postgresql", host: "db.example.org", username: "u", password: "p", db_name: "shop" };
const register = (token: string, more: object = {}) => test.call("POST", "/api/databases", { token, json: { ...SHOP, ...more } });
const change = (token: string, json: object, query = "") => test.call("PUT", `/api/databases/1${query}`, { token, json });
const put = (name: string, json: object = {}, token = admin) => test.call("PUT", `/api/executors/groups/${name}`, { token, json });
const groups = async (token: string) => ((await test.call("GET", "/api/executors", { token })).body.groups as { group: string }[]);
const UNKNOWN = { status: 400, body: { error: "executor_group: unknown executor group: east", hint: "known: default" } };

describe("a group of executors", () => {
  it("is made, opened, and forgotten by admins, and each is on record", async () => {
    expect(await put("east", { note: "branch office" })).toMatchObject({ status: 200, body: { group: { group: "east", open: false, note: "branch office" } } });
    expect(await put("east", { open: true })).toMatchObject({ body: { group: { open: true, note: "branch office" } } });
    for (const [method, json] of [["PUT", {}], ["DELETE"]] as const) {
      expect((await test.call(method, "/api/executors/groups/east", { token: user, ...(json === undefined ? {} : { json }) })).status, method).toBe(403);
    }
    expect((await put("east.west")).body.error).toMatch(/^name may hold letters, digits, - and _, 64 at most/);
    expect(await groups(user)).toEqual([
      { group: "default", alive: 0, databases: 0, own: true, open: true, note: null, usable: true }, { group: "east", alive: 0, databases: 0, own: false, open: true, note: "branch office", usable: true },
    ]);
    await register(user, { executor_group: "east" });
    expect((await groups(user))[1]).toMatchObject({ databases: 1 });
    const remove = () => test.call("DELETE", "/api/executors/groups/east", { token: admin });
    expect(await remove()).toMatchObject({ status: 409, body: { error: "databases or servers are in the group east", hint: "move them to another group first" } });
    await change(user, { executor_group: "default" });
    expect([(await remove()).status, (await remove()).status]).toEqual([200, 404]);
    const audit = await test.db.selectFrom("audit").select(["actor", "action", "detail"]).where("action", "like", "executor.%").execute();
    expect(audit.map(({ actor, action, detail }) => [actor, action, JSON.parse(detail!) as unknown])).toEqual([
      ["admin@example.org", "executor.put_group", { group: "east", open: false, note: "branch office" }], ["admin@example.org", "executor.put_group", { group: "east", open: true, note: "branch office" }],
      ["admin@example.org", "executor.delete_group", { group: "east" }],
    ]);
  });

  it("that is not open is an admin's to use: to others it is as missing as one that is not there", async () => {
    expect(await register(admin, { executor_group: "east" })).toMatchObject(UNKNOWN);
    expect(await register(user, { executor_group: "east" })).toMatchObject(UNKNOWN);
    await put("east");
    const { name: _, ...connection } = SHOP;
    const { db_name: __, ...server } = SHOP;
    const asked: [string, object][] = [
      ["/api/databases", SHOP], ["/api/databases", { name: "shop", url: "postgres://u:p@db.example.org/shop" }], ["/api/databases/test", connection], ["/api/servers", server], ["/api/servers/test", server],
    ];
    for (const [path, json] of asked) expect(await test.call("POST", path, { token: user, json: { ...json, executor_group: "east" } }), path).toMatchObject(UNKNOWN);
    const config = { type: "s3", bucket: "backups", region: "eu-central-1", access_key_id: "a", secret_access_key: "b" };
    expect(await test.call("POST", "/api/storages/test", { token: user, json: { config, group: "east" } })).toMatchObject({ status: 400, body: { error: "group: unknown executor group: east" } });
    const made = await test.call("POST", "/api/storages", { token: user, json: { name: "mine", config } });
    expect(await test.call("POST", `/api/storages/${made.body.storage.id}/scan`, { token: user, json: { executor_group: "east" } })).toMatchObject(UNKNOWN);
    expect((await groups(user)).map(({ group }) => group)).toEqual(["default"]);
    expect(await register(admin, { executor_group: "east" })).toMatchObject({ status: 201, body: { database: { executor_group: "east" } } });
    await put("east", { open: true });
    expect(await register(user, { executor_group: "east" })).toMatchObject({ status: 201, body: { database: { executor_group: "east" } } });
  });

  it("into which an admin has moved a user's database connects nowhere else by that user's will", async () => {
    await register(user);
    await put("east");
    expect(await change(user, { executor_group: "east" })).toMatchObject(UNKNOWN);
    expect(await change(admin, { executor_group: "east" }, "?scope=all")).toMatchObject({ status: 200, body: { database: { executor_group: "east", user_id: 2 } } });
    const refused = { status: 403, body: { error: "only an admin may change where the executors of the group east connect to" } };
    for (const json of [{ host: "10.0.0.1", password: "p" }, { port: 22, password: "p" }, { url: "postgres://u:p@10.0.0.1/shop" }, { host: "10.0.0.1", password: "p", executor_group: "east" }]) {
      expect(await change(user, json), JSON.stringify(json)).toMatchObject(refused);
    }
    expect(await change(user, { name: "our shop", username: "reader", password: "q", db_name: "shop2" })).toMatchObject({ status: 200 });
    expect((await groups(user)).map((group) => group)).toMatchObject([{ group: "default" }, { group: "east", usable: false, databases: 1 }]);
    expect(await change(user, { host: "10.0.0.1", password: "p", executor_group: "default" })).toMatchObject({ status: 200, body: { database: { host: "10.0.0.1", executor_group: "default" } } });
    const { changed } = JSON.parse((await test.db.selectFrom("audit").select("detail").where("action", "=", "database.update").orderBy("id", "desc").executeTakeFirstOrThrow()).detail!) as { changed: string[] };
    expect(changed).toEqual(expect.arrayContaining(["host", "executor_group"]));
  });

  it("whose databases are stored with its executors alone comes with a warning that says what that means", async () => {
    await put("east");
    const warned = async (json: object) => ((await register(admin, json)).body.warnings as { code: string }[]).map(({ code }) => code);
    expect([await warned({}), await warned({ executor_group: "east" })]).toEqual([[], ["local_of_the_group"]]);
    const config = { type: "s3", bucket: "backups", region: "eu-central-1", access_key_id: "a", secret_access_key: "b" };
    await test.call("POST", "/api/storages", { token: admin, json: { name: "offsite", config } });
    expect(await warned({ executor_group: "east", storages: ["local", "offsite"] })).toEqual([]);
    expect((await test.call("GET", "/api/databases/2", { token: admin })).body.warnings[0].message).toMatch(/^backups in the storage local stay on the machine of an executor of the group east: /);
  });
});
