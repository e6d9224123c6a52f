import { CLASSIC_RETENTION, subjects, type ListedDatabase, type ServerReply, type ServerRequest } from "@safebase/contracts";
import { CONNECTION_CONTEXT } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pageOfAudit } from "../catalog/audit.ts";
import { groupsInUse } from "../catalog/watched.ts";
import { createDatabase } from "../databases/create.ts";
import { deleteDatabase } from "../databases/delete.ts";
import { updateDatabase } from "../databases/update.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { createKey } from "../keys/create.ts";
import { deleteKey } from "../keys/delete.ts";
import { updateKey } from "../keys/update.ts";
import { listSchedules } from "../schedules/list.ts";
import { createServer, type CreateServerInput } from "./create.ts";
import { deleteServer } from "./delete.ts";
import { getServer } from "./get.ts";
import { listServers } from "./list.ts";
import { syncNow } from "./sync.ts";
import { testKnownServer, testServer } from "./test.ts";
import { syncServers } from "./tick.ts";
import { updateServer } from "./update.ts";

const SECRET = "s3cr3t-of-servers";

describe.each(["sqlite", "postgresql"] as const)("servers on %s", (dialect) => {
  let rig: Rig, gateway: Deps, answering: Disposable;
  /** What is on the server, or what it says instead; a promise keeps whoever asks waiting. */
  let there: (ListedDatabase | string)[], refusal: (ServerReply & { ok: false }) | undefined, hold: Promise<void> | undefined;
  const asked: ServerRequest[] = [];
  beforeAll(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    answering = await answer();
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  beforeEach(() => { [there, refusal, hold] = [["app_1", "app_2", "app_test", "other"], undefined, undefined]; });

  const answer = () => rig.core.bus.respond(subjects.databases("default"), "executors", async (payload): Promise<ServerReply> => {
    asked.push(payload as ServerRequest);
    const reply = refusal ?? { ok: true, report: { server: "PostgreSQL 15.1", server_version: "15.1", databases: there.map((one): ListedDatabase => typeof one === "string" ? { name: one, standing: "user", can_connect: true, size_bytes: 8_192 } : one) } };
    await hold;
    return reply;
  });
  let hosts = 0;
  const place = () => ({ type: "postgresql", host: `db-${++hosts}.example`, username: "backup", password: SECRET } as const);
  const create = (over: Partial<CreateServerInput> = {}, as = rig.ann) => createServer(gateway, as, { name: "main", ...place(), include: ["app_*"], exclude: ["*_test"], ...over });
  const namesOf = (databases: { db_name: string }[]) => databases.map(({ db_name }) => db_name);
  /** What was told of a server. */
  const told = async (id: number) => (await rig.db.selectFrom("notices").select("payload").orderBy("created_at").orderBy("kind").execute()) // several are of one moment
    .map(({ payload }) => JSON.parse(payload) as { kind: string; severity: string; server: { id: number; changes: unknown[] } | null; error: { code: string } | null }).filter(({ server }) => server?.id === id);
  const audited = async (action: string, id: number) => (await pageOfAudit(rig.db, { action }, { limit: 200, offset: 0 })).rows.filter(({ object_id }) => object_id === id);

  test("the databases that are wanted are registered with all that new ones get, each once, the password nowhere to be seen", async () => {
    const key = await createKey(gateway, rig.ann, { name: "k", generate: true });
    const { server, databases } = await create({ encryption_key_id: key.id, retention: { keep_last: 3 }, schedule: { cron: "0 3 * * *", timezone: "Europe/Paris", verify_every: 5, compression: "gzip" } });
    expect(server).toMatchObject({
      name: "main", has_password: true, include: ["app_*"], exclude: ["*_test"], left_out: [], database_count: 2, missing_count: 0, executor_group: "default",
      schedule: { cron: "0 3 * * *", timezone: "Europe/Paris", jitter_s: 900 }, last_sync: { at: expect.any(String), succeeded_at: expect.any(String), found: 4, added: 2, closed: [], problem: null },
    });
    expect(databases).toMatchObject(["app_1", "app_2"].map((db_name) => ({
      name: `main/${db_name}`, db_name, server_id: server.id, missing_since: null, host: server.host, has_password: true, encryption_key_id: key.id, retention: { keep_last: 3 }, executor_group: "default",
    })));
    const { schedules } = await listSchedules(gateway, rig.ann, { page: 1, per_page: 50, database_id: databases[1]!.id });
    expect(schedules).toMatchObject([{ name: "main/app_2", cron: "0 3 * * *", timezone: "Europe/Paris", enabled: true, jitter_s: 900, retention: CLASSIC_RETENTION, verify_every: 5, compression: "gzip" }]);
    expect(await rig.db.selectFrom("objectives").select("kind").where("database_id", "=", databases[0]!.id).execute()).toHaveLength(2);
    const rows = await rig.db.selectFrom("databases").select("password_sealed").where("server_id", "=", server.id).execute();
    for (const { password_sealed } of rows) expect(gateway.secrets.open(password_sealed!, CONNECTION_CONTEXT)).toBe(SECRET);
    expect(asked.at(-1)).toMatchObject({ connection: { host: server.host, username: "backup", db_name: "" }, sizes: false });
    expect(await told(server.id)).toEqual([]); // it is in the answer
    expect(await audited("database.create", databases[0]!.id)).toMatchObject([{ actor: "ann@example.org", detail: expect.stringContaining(`"server_id":${server.id}`) }]);
    await until("browsers to be shown all", () => ["database", "schedule", "server"].every((event) => rig.told.ui.some((one) => one.event === event && (one.data["name"] as string).startsWith("main"))));
    const everything = JSON.stringify([server, databases, asked, rig.told, await rig.db.selectFrom("audit").selectAll().execute(), await rig.db.selectFrom("servers").selectAll().execute()]);
    expect(everything).not.toContain(SECRET);
    await expect(deleteKey(gateway, rig.ann, { id: key.id })).rejects.toMatchObject({ code: "conflict" });
  });

  test("what comes is registered, what goes is marked and stays, what is back is there again; each is told once", async () => {
    const { server } = await create({ include: ["*"], exclude: [], schedule: { cron: "*/5 * * * *" } });
    there = ["app_1", "app_2", "other", "fresh", { name: "shut", standing: "user", can_connect: false, size_bytes: null }, { name: "postgres", standing: "system", can_connect: true, size_bytes: null }];
    for (let count = 0; count < 3; count++) await syncServers(rig.core, gateway.dispatcher);
    const after = await getServer(gateway, rig.ann, server);
    expect(namesOf(after.databases)).toEqual(["app_1", "app_2", "app_test", "other", "fresh"]);
    expect(after.databases.filter(({ missing_since }) => missing_since !== null).map(({ db_name }) => db_name)).toEqual(["app_test"]);
    expect(after.server).toMatchObject({ database_count: 5, missing_count: 1, last_sync: { found: 6, added: 0, closed: ["shut"] }, schedule: { jitter_s: 150 } });
    expect(await told(server.id)).toMatchObject([{ kind: "server_databases_changed", severity: "warning", server: { changes: [
      { what: "added", count: 1, names: ["fresh"] }, { what: "vanished", count: 1, names: ["app_test"] }, { what: "closed", count: 1, names: ["shut"] }] } }]);
    expect((await listSchedules(gateway, rig.ann, { page: 1, per_page: 50, database_id: after.databases[2]!.id })).schedules).toMatchObject([{ enabled: true }]); // it goes on, and fails aloud
    there = ["app_1", "app_2", "app_test", "other", "fresh", "fresher"];
    const { databases } = await syncNow(gateway, rig.ann, server);
    expect(databases.every(({ missing_since }) => missing_since === null)).toBe(true);
    expect((await told(server.id))[1]).toMatchObject({ severity: "info", server: { changes: [{ what: "added", names: ["fresher"] }, { what: "returned", names: ["app_test"] }] } });
    expect((await audited("server.sync", server.id)).map(({ actor, outcome }) => [actor, outcome])).toEqual([["ann@example.org", "ok"], ["scheduler", "ok"], ["ann@example.org", "ok"]]);
  });

  test("a database that was unregistered by hand stays out until it is asked for again", async () => {
    const { server, databases } = await create();
    await deleteDatabase(gateway, rig.ann, databases[0]!);
    expect((await syncNow(gateway, rig.ann, server))).toMatchObject({ server: { left_out: ["app_1"], database_count: 1, last_sync: { added: 0 } }, databases: [{ db_name: "app_2" }] });
    await updateServer(gateway, rig.ann, { id: server.id, left_out: [] });
    expect(namesOf((await syncNow(gateway, rig.ann, server)).databases)).toEqual(["app_2", "app_1"]);
  });

  test("a database that was gone when it was unregistered is another one when it comes", async () => {
    const { server, databases } = await create();
    there = ["app_2"];
    await syncNow(gateway, rig.ann, server);
    await deleteDatabase(gateway, rig.ann, databases[0]!);
    there = ["app_1", "app_2"];
    expect(await syncNow(gateway, rig.ann, server)).toMatchObject({ server: { left_out: [] }, databases: [{ db_name: "app_2" }, { db_name: "app_1", missing_since: null }] });
  });

  test("a database that was registered by itself before is not registered twice", async () => {
    const where = place();
    const { id } = await createDatabase(gateway, rig.ann, { name: "mine", ...where, db_name: "app_1" });
    const { server, databases } = await create(where);
    expect(namesOf(databases)).toEqual(["app_2"]);
    const found = await testServer(gateway, rig.ann, where);
    expect(found).toMatchObject({ ok: true, databases: [{ name: "app_1", size_bytes: 8_192, taken: false, left_because: "registered" }, { left_because: "registered" }, { taken: true, left_because: null }, { taken: true }] });
    expect(asked.at(-1)?.sizes).toBe(true);
    const known = async (patterns: object) => { const seen = await testKnownServer(gateway, rig.ann, { id: server.id, ...patterns }); return seen.ok ? seen.databases.map(({ name, left_because }) => `${name} ${left_because ?? "taken"}`) : seen; };
    expect(await known({})).toEqual(expect.arrayContaining(["app_1 registered", "app_2 taken"])); // what it has itself is no hindrance
    expect(await known({ include: ["*"], exclude: ["*_2"], left_out: ["app_1"] })).toEqual(expect.arrayContaining(["app_1 left_out", "app_2 excluded"]));
    await deleteDatabase(gateway, rig.ann, { id });
    expect(namesOf((await syncNow(gateway, rig.ann, server)).databases)).toEqual(["app_2", "app_1"]);
  });

  test("a server that cannot be asked is registered all the same; why is shown, told once, and its end too", async () => {
    refusal = { ok: false, failure: { code: "auth_failed", message: "it refused the user backup", hint: "check the password" } };
    const { server, databases } = await create();
    expect([databases, server.last_sync]).toMatchObject([[], { succeeded_at: null, problem: refusal.failure }]);
    await syncServers(rig.core, gateway.dispatcher);
    refusal = { ok: false, failure: { code: "internal", message: "TypeError: x is not a function" } };
    expect((await syncNow(gateway, rig.ann, server)).server.last_sync?.problem).toMatchObject({ code: "internal", message: "something unexpected went wrong" });
    refusal = undefined;
    expect((await syncNow(gateway, rig.ann, server)).server).toMatchObject({ database_count: 2, last_sync: { added: 2, problem: null } });
    await syncNow(gateway, rig.ann, server);
    expect((await told(server.id)).map(({ kind, severity }) => [kind, severity])).toEqual([["server_sync_failed", "warning"], ["server_databases_changed", "info"], ["server_sync_recovered", "info"]]);
    expect((await told(server.id))[0]).toMatchObject({ error: { code: "auth_failed" } });
    expect((await audited("server.sync", server.id)).map(({ outcome }) => outcome)).toEqual(["ok", "ok", "failed", "failed"]);
  });

  test("that no executor answers is shown, and told by those who watch executors", async () => {
    answering[Symbol.dispose]();
    try {
      const { server } = await create();
      expect(server.last_sync?.problem).toMatchObject({ code: "no_executor" });
      expect(await told(server.id)).toEqual([]);
      await rig.db.updateTable("servers").set({ executor_group: "far" }).where("id", "=", server.id).execute();
      expect(await groupsInUse(rig.db)).toEqual(["default", "far"]);
      await expect(testServer(gateway, rig.ann, place())).rejects.toMatchObject({ code: "no_executor" });
    } finally {
      answering = await answer();
    }
  });

  test("syncs of two gateways at once register each database once", async () => {
    const { server } = await create({ schedule: { cron: "@daily" } });
    there = Array.from({ length: 130 }, (_, index) => `app_${index}`);
    const other = rig.gateway();
    await Promise.all([gateway, other, gateway].map((each) => syncServers(rig.core, each.dispatcher)));
    const { databases } = await getServer(gateway, rig.ann, server);
    expect(new Set(namesOf(databases))).toEqual(new Set(there));
    expect(databases).toHaveLength(130);
    const schedules = await rig.db.selectFrom("schedules").select("database_id").where("database_id", "in", databases.map(({ id }) => id)).execute();
    expect([schedules.length, new Set(schedules.map(({ database_id }) => database_id)).size]).toEqual([130, 130]);
    expect((await told(server.id)).flatMap((notice) => notice.server!.changes)).toMatchObject([{ what: "added", count: 100, names: { length: 20 } }, { what: "added", count: 28 }]);
  });

  test("however many there are, one sync registers them all", async () => {
    there = Array.from({ length: 101 }, (_, index) => `app_${index}`);
    expect(await create()).toMatchObject({ server: { database_count: 101, last_sync: { added: 101 } }, databases: { length: 101 } });
  });

  test("an answer that comes after that to a later question changes nothing", async () => {
    const { server } = await create();
    const held = Promise.withResolvers<void>();
    hold = held.promise;
    const before = asked.length;
    const late = syncNow(gateway, rig.ann, server);
    await until("it to be asked", () => asked.length > before);
    [hold, there] = [undefined, ["app_1", "app_2", "app_3"]];
    await syncNow(gateway, rig.ann, server);
    held.resolve();
    expect(await late).toMatchObject({ server: { database_count: 3, missing_count: 0, last_sync: { found: 3 } } });
    expect(await told(server.id)).toHaveLength(1);
  });

  test("a change of the server's connection is one of all its databases, and asks for the password as theirs does", async () => {
    const { server, databases } = await create();
    await expect(updateServer(gateway, rig.ann, { id: server.id, host: "evil.example" })).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(/^password is missing/) });
    await expect(updateDatabase(gateway, rig.ann, { id: databases[0]!.id, host: "evil.example", password: "x" })).rejects.toMatchObject({ code: "conflict" });
    await updateDatabase(gateway, rig.ann, { id: databases[1]!.id, name: "my own name", db_name: "app_2" });
    const after = await updateServer(gateway, rig.ann, { id: server.id, name: "renamed", host: "new.example", port: 6_543, password: "another-pw", ssl_mode: "require" });
    expect(after.databases).toMatchObject([{ name: "renamed/app_1", host: "new.example", port: 6_543, ssl_mode: "require" }, { name: "my own name", host: "new.example" }]);
    const rows = await rig.db.selectFrom("databases").select("password_sealed").where("server_id", "=", server.id).execute();
    expect(rows.map(({ password_sealed }) => gateway.secrets.open(password_sealed!, CONNECTION_CONTEXT))).toEqual(["another-pw", "another-pw"]);
    expect(await audited("server.update", server.id)).toMatchObject([{ detail: JSON.stringify({ changed: ["name", "host", "port", "ssl_mode", "password"], databases: 2 }) }]);
    const byUrl = await updateServer(gateway, rig.ann, { id: server.id, url: "postgres://u2:pw2@url.example" });
    expect(byUrl).toMatchObject({ server: { host: "url.example", port: 5_432, username: "u2", ssl_mode: "prefer" }, databases: [{ username: "u2" }, { username: "u2" }] });
    await expect(updateServer(gateway, rig.ann, { id: server.id, url: "mysql://u:p@h" })).rejects.toMatchObject({ code: "bad_request", message: "the server's type is postgresql and stays it" });
  });

  test("what was found under the old connection does not count under the new one", async () => {
    const { server } = await create();
    const held = Promise.withResolvers<void>();
    [hold, there] = [held.promise, []];
    const before = asked.length;
    const late = syncNow(gateway, rig.ann, server);
    await until("it to be asked", () => asked.length > before);
    await updateServer(gateway, rig.ann, { id: server.id, host: "elsewhere.example", password: SECRET });
    held.resolve();
    expect(await late).toMatchObject({ server: { database_count: 2, missing_count: 0 } });
  });

  test("a server that is followed no more leaves its databases, or takes them with it, all or none", async () => {
    const [kept, gone] = [await create(), await create({ schedule: { cron: "@daily" } })];
    await deleteServer(gateway, rig.ann, { id: kept.server.id });
    await expect(getServer(gateway, rig.ann, kept.server)).rejects.toMatchObject({ code: "not_found" });
    expect(await rig.db.selectFrom("databases").select(["server_id", "deleted_at"]).where("id", "in", kept.databases.map(({ id }) => id)).execute()).toEqual(Array.from({ length: 2 }, () => ({ server_id: null, deleted_at: null })));
    const other = await rig.database("postgresql");
    const schedule = await rig.db.updateTable("schedules").set({ verify_database_id: gone.databases[1]!.id }).where("database_id", "=", gone.databases[0]!.id).returning("id").executeTakeFirstOrThrow();
    await rig.db.updateTable("schedules").set({ database_id: other.id }).where("id", "=", schedule.id).execute();
    await expect(deleteServer(gateway, rig.ann, { id: gone.server.id, databases: true })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(`schedule ${schedule.id}`) });
    expect((await getServer(gateway, rig.ann, gone.server)).databases).toHaveLength(2);
    await rig.db.deleteFrom("schedules").where("id", "=", schedule.id).execute();
    await deleteServer(gateway, rig.ann, { id: gone.server.id, databases: true });
    expect(await rig.db.selectFrom("databases").select("id").where("host", "=", gone.server.host).where("deleted_at", "is", null).execute()).toEqual([]);
    expect(await audited("server.delete", gone.server.id)).toMatchObject([{ detail: expect.stringContaining(`"unregistered":[${gone.databases.map(({ id }) => id).join(",")}]`) }]);
  });

  test("somebody else's server is none, and what is refused names its field", async () => {
    const { server } = await create();
    const { id } = server;
    const before = asked.length;
    for (const act of [getServer, syncNow, updateServer, deleteServer, testKnownServer] as ((deps: Deps, actor: Actor, input: { id: number; name?: string }) => Promise<unknown>)[]) {
      await expect(act(gateway, rig.bob, { id, name: "stolen" }), act.name).rejects.toMatchObject({ code: "not_found", message: `server ${id} not found` });
    }
    expect([await listServers(gateway, rig.bob), asked.length]).toEqual([[], before]);
    const key = await createKey(gateway, rig.bob, { name: "bob's", generate: true });
    await expect(create({ encryption_key_id: key.id })).rejects.toMatchObject({ code: "not_found", message: `key ${key.id} not found` });
    await expect(updateServer(gateway, rig.ann, { id, encryption_key_id: key.id })).rejects.toMatchObject({ code: "not_found" });
    const refused: [Partial<CreateServerInput>, RegExp][] = [
      [{ include: ["a\\"] }, /^include: the pattern a\\ ends/], [{ exclude: ["\\"] }, /^exclude: the pattern/], [{ schedule: { cron: "every day" } }, /^cron: not a cron/],
      [{ schedule: { cron: "@hourly", jitter_s: 3_600 } }, /^jitter_s must be at most 1800/], [{ schedule: { cron: "@daily", storages: ["nowhere"] } }, /^storages: unknown storage: nowhere/],
      [{ storages: ["nowhere"] }, /^storages: unknown storage: nowhere/], [{ schedule: { cron: "@daily", timezone: "Mars" } }, /^timezone: unknown/],
    ];
    for (const [wrong, message] of refused) {
      await expect(create(wrong), JSON.stringify(wrong)).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(message) });
      if ("include" in wrong || "exclude" in wrong) await expect(testKnownServer(gateway, rig.ann, { id, ...wrong })).rejects.toMatchObject({ code: "bad_request" });
      await expect(updateServer(gateway, rig.ann, { id, ...wrong }), JSON.stringify(wrong)).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(message) });
    }
    await expect(createServer(gateway, rig.ann, { name: "x", url: "postgres://u:p@h/shop" })).rejects.toMatchObject({ code: "bad_request", message: "the connection string of a server must name no database" });
  });

  test("new databases are never left in the clear for want of their key: that is a problem, which is told", async () => {
    const key = await createKey(gateway, rig.ann, { name: "k2", generate: true });
    const { server } = await create({ encryption_key_id: key.id });
    for (const { id } of (await getServer(gateway, rig.ann, server)).databases) await updateDatabase(gateway, rig.ann, { id, encryption_key_id: null });
    await expect(updateKey(gateway, rig.ann, { id: key.id, retired: true })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("server main") });
    const retire = (retired_at: string | null) => rig.db.updateTable("encryption_keys").set({ retired_at }).where("id", "=", key.id).execute();
    await retire(new Date().toISOString());
    there.push("app_new");
    expect((await syncNow(gateway, rig.ann, server)).server).toMatchObject({ database_count: 2, last_sync: { problem: { code: "conflict", message: `key ${key.id} is retired` } } });
    await retire(null);
    expect((await syncNow(gateway, rig.ann, server)).databases.at(-1)).toMatchObject({ db_name: "app_new", encryption_key_id: key.id });
    expect((await told(server.id)).map(({ kind }) => kind)).toEqual(["server_sync_failed", "server_databases_changed", "server_sync_recovered"]);
  });
});
