import { spawnSync } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { containersWanted } from "./container.ts";
import { clientDirs, connect, freshDatabase, startServer, type ServerInfo } from "./index.ts";

const IMAGES = [
  { engine: "postgresql", version: "15", clients: undefined },
  { engine: "postgresql", version: "17", clients: "postgresql-17" },
  { engine: "postgresql", version: "18", clients: "postgresql-18" },
  { engine: "mariadb", version: "10.11", clients: undefined },
  { engine: "mariadb", version: "11.8", clients: "mariadb-11.8" },
  { engine: "mysql", version: "9", clients: "mysql-9" },
] as const;

let engineAnswers = false;
beforeAll(async () => {
  engineAnswers = await containersWanted();
  if (!engineAnswers) console.warn("skipped: the images: no container engine answers");
});

describe.each(IMAGES)("the image of $engine $version", ({ engine, version, clients }) => {
  test("is that version, checks the password and keeps its data over a kill; its clients dump it", async (context) => {
    if (!engineAnswers) context.skip();
    await using server = await startServer({ engine, version });
    expect(server.version).toMatch(new RegExp(`^${version.replace(".", "\\.")}\\.`));
    await expect(connect({ ...server, password: "wrong" })).rejects.toThrow(/denied|authentication failed/);
    await using database = await freshDatabase(server, "kept");
    await database.connection.query("CREATE TABLE kept (a int)");
    await server.kill();
    await server.restart();
    await using again = await connect(server, database.db_name);
    expect(await again.query("SELECT count(*) AS n FROM kept")).toEqual([{ n: "0" }]);
    if (clients !== undefined) expect(dumpEverything(server, clients)).toMatch(/kept/);
  });
});

/** pg_dumpall calls pg_dump by itself: both must be the unpacked ones. */
function dumpEverything(server: ServerInfo, clients: string): string {
  const dir = clientDirs().find((each) => basename(dirname(each)) === clients);
  expect(dir, `${clients} was unpacked by set-up`).toBeDefined();
  const { host, port, username, password } = server;
  const [program, args] = {
    postgresql: ["pg_dumpall", ["-h", host, "-p", String(port), "-U", username]] as const,
    mariadb: ["mariadb-dump", ["--no-defaults", "-h", host, "-P", String(port), "-u", username, "--all-databases"]] as const,
    mysql: ["mysqldump", ["--no-defaults", "-h", host, "-P", String(port), "-u", username, "--all-databases", "--set-gtid-purged=OFF"]] as const,
  }[server.engine];
  const result = spawnSync(join(dir!, program), args, {
    encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, PGPASSWORD: password, MYSQL_PWD: password },
  });
  expect(result.status, result.stderr).toBe(0);
  return result.stdout;
}
