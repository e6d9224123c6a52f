import { randomBytes } from "node:crypto";
import { SCRATCH_PREFIX, type ListedDatabase, type SealedConnection, type ServerReply } from "@safebase/contracts";
import { connect, freshDatabase, quoteName, type ServerInfo } from "@safebase/testing";
import { describe, expect, inject, it } from "vitest";
import { restoreNames } from "../engines/postgres/names.ts";
import { listDatabases } from "./list-databases.ts";

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null); // where MySQL cannot be had, the set-up has said why
const LIKES = { postgresql: "postgres", mariadb: "mysql", mysql: "mysql" } as const;

function ask(server: ServerInfo, changes: Partial<SealedConnection> & { password?: string } = {}, sizes = false): Promise<ServerReply> {
  const { password = server.password, ...rest } = changes;
  const connection = { type: server.engine, host: server.host, port: server.port, username: server.username, password_sealed: null, db_name: "", ssl_mode: "prefer", ssl_ca: null, ...rest };
  return listDatabases({ connection, sizes }, ({ password_sealed: _sealed, ...open }) => ({ ...open, password }));
}

async function found(...asked: Parameters<typeof ask>): Promise<Map<string, ListedDatabase>> {
  const reply = await ask(...asked);
  if (!reply.ok) throw new Error(reply.failure.message);
  expect(reply.report.server).toMatch(/^(PostgreSQL|MariaDB|MySQL) \d/);
  return new Map(reply.report.databases.map((database) => [database.name, database]));
}

describe.each(servers)("the databases of $engine $version", (server) => {
  it("are listed under whatever name, with their sizes when they are asked for, the server's own and ours told apart", async () => {
    await using odd = await freshDatabase(server, `a/b*?[x] "q" 'q' \`t\` é`);
    await using scratch = await freshDatabase(server, SCRATCH_PREFIX);
    await odd.connection.query("CREATE TABLE t (id int PRIMARY KEY)");
    const named = await found(server);
    expect(named.get(odd.db_name)).toEqual({ name: odd.db_name, standing: "user", can_connect: true, size_bytes: null });
    expect(named.get(scratch.db_name)?.standing).toBe("safebase");
    expect(named.get(LIKES[server.engine])).toMatchObject({ standing: "system", can_connect: true });
    expect(named.get(server.engine === "postgresql" ? "template0" : "information_schema")).toMatchObject({ standing: "system", can_connect: false });
    const sized = await found(server, {}, true);
    expect(sized.get(odd.db_name)?.size_bytes).toBeGreaterThan(0);
  });

  it("that the user may not enter are listed as such, or not at all", async () => {
    await using database = await freshDatabase(server, "closed");
    await using mine = await freshDatabase(server, "mine");
    const username = `lister_${randomBytes(4).toString("hex")}`;
    await using admin = await connect(server);
    const postgres = server.engine === "postgresql";
    const who = postgres ? username : `'${username}'@'%'`;
    await admin.query(postgres ? `CREATE ROLE ${username} LOGIN PASSWORD 'pw-of-lister'` : `CREATE USER ${who} IDENTIFIED BY 'pw-of-lister'`);
    try {
      if (postgres) await admin.query(`REVOKE CONNECT ON DATABASE ${quoteName("postgresql", database.db_name)} FROM PUBLIC`);
      else {
        await admin.query(`GRANT SHOW DATABASES ON *.* TO ${who}`);
        await admin.query(`GRANT SELECT ON ${quoteName(server.engine, mine.db_name)}.* TO ${who}`);
      }
      const seen = await found(server, { username, password: "pw-of-lister" }, true);
      expect(seen.get(database.db_name)).toMatchObject({ can_connect: false });
      expect(seen.get(mine.db_name)).toMatchObject({ can_connect: true, size_bytes: expect.any(Number) });
    } finally {
      await admin.query(postgres ? `DROP ROLE ${username}` : `DROP USER ${who}`);
    }
  });

  it("are not told to a wrong password, which is not repeated", async () => {
    const reply = await ask(server, { password: "wrong-pw-123" });
    expect(reply).toMatchObject({ ok: false, failure: { code: "auth_failed" } });
    expect(JSON.stringify(reply)).not.toContain("wrong-pw-123");
  });
});

it("knows a restore's side databases by their names, and takes no others for them", async () => {
  const server = inject("postgres");
  const { side, old } = restoreNames("safebase-77-12ab34cd", "shop");
  await using admin = await connect(server);
  for (const name of [side, old]) await admin.query(`CREATE DATABASE ${quoteName("postgresql", name)} TEMPLATE template0`);
  try {
    await using like = await freshDatabase(server, "safebase_77_new");
    const named = await found(server);
    expect([side, old, like.db_name].map((name) => named.get(name)?.standing)).toEqual(["safebase", "safebase", "user"]);
  } finally {
    for (const name of [side, old]) await admin.query(`DROP DATABASE ${quoteName("postgresql", name)}`);
  }
});
