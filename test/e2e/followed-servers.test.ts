import { randomBytes } from "node:crypto";
import { connect, freshDatabase, quoteName } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startSystem, type System } from "./system.ts";

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null); // where MySQL cannot be had, the set-up has said why

interface Details {
  server: { id: number; last_sync: { problem: { code: string } | null } };
  databases: { id: number; db_name: string; missing_since: string | null }[];
}

let system: System;
beforeAll(async () => { system = await startSystem(); });
afterAll(() => system[Symbol.asyncDispose]());

describe.each(servers)("$engine: all databases of a server", (server) => {
  test("are registered, backed up, and followed as they come, go and come back", async () => {
    const { admin } = system;
    const prefix = `fol${randomBytes(3).toString("hex")}`;
    const { engine, host, port, username, password } = server;
    const place = { type: engine, host, port, username, password };
    await using first = await freshDatabase(server, `${prefix}_a/b*`);
    await using _left = await freshDatabase(server, `${prefix}_test`);
    const chosen = { include: [`${prefix}_*`, "no such"], exclude: ["*_test_*"] };
    await first.connection.query("CREATE TABLE t (id int PRIMARY KEY)");

    const tested = await admin.call<{ databases: { name: string; size_bytes: number; taken: boolean; left_because: string | null }[] }>("POST", "/api/servers/test", { ...place, ...chosen });
    expect(tested.databases.filter(({ taken }) => taken)).toMatchObject([{ name: first.db_name, left_because: null }]);
    expect(tested.databases.find(({ name }) => name === first.db_name)?.size_bytes).toBeGreaterThan(0);

    const url = `${engine}://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${host}:${port}`;
    const { server: { id }, databases } = await admin.call<Details>("POST", "/api/servers", { name: prefix, url, ...chosen, schedule: { cron: "0 3 * * *" } });
    expect(databases).toMatchObject([{ db_name: first.db_name, missing_since: null }]);
    const { id: backup_id } = await admin.backUp(databases[0]!.id);
    expect(await admin.ended("backup", backup_id)).toMatchObject({ status: "completed" });
    expect((await admin.call<{ schedules: object[] }>("GET", `/api/schedules?database_id=${databases[0]!.id}`)).schedules).toHaveLength(1);

    const sync = () => admin.call<Details>("POST", `/api/servers/${id}/sync`);
    const second = await freshDatabase(server, `${prefix}_second`);
    expect((await sync()).databases.map(({ db_name }) => db_name)).toEqual([first.db_name, second.db_name]);
    await second[Symbol.asyncDispose]();
    expect((await sync()).databases).toMatchObject([{ missing_since: null }, { db_name: second.db_name, missing_since: expect.any(String) }]);
    await using root = await connect(server);
    await root.query(`CREATE DATABASE ${quoteName(engine, second.db_name)}`);
    expect((await sync()).databases).toMatchObject([{}, { missing_since: null }]);
    await root.query(`DROP DATABASE ${quoteName(engine, second.db_name)}`);

    await admin.call("PUT", `/api/servers/${id}`, { password: "a wrong one" });
    expect(await sync()).toMatchObject({ server: { last_sync: { problem: { code: "auth_failed" } } }, databases: [{ missing_since: null }, { missing_since: null }] });
    await admin.call("PUT", `/api/servers/${id}`, { password });
    expect((await sync()).server.last_sync.problem).toBeNull();
    expect(await admin.ask("DELETE", `/api/servers/${id}?databases=true`)).toMatchObject({ status: 200 });
    const { databases: registered } = await admin.call<{ databases: { db_name: string }[] }>("GET", "/api/databases");
    expect(registered.filter(({ db_name }) => db_name.startsWith(prefix))).toEqual([]);
    expect(await admin.ask("GET", `/api/backups/${backup_id}`)).toMatchObject({ status: 200 });
  });
});
