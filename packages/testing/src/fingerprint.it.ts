import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { connect, fillRealistic, fingerprint, freshDatabase, mysqlMissing, type ServerInfo, type TestDatabase } from "./index.ts";

const SERVERS = { postgresql: inject("postgres"), mariadb: inject("mariadb"), mysql: inject("mysql") };

describe.each(["postgresql", "mariadb", "mysql"] as const)("fingerprint of %s", (engine) => {
  const skip = engine === "mysql" && mysqlMissing() !== undefined;
  let server: ServerInfo;
  beforeAll(() => { if (!skip) server = SERVERS[engine]!; });

  test.skipIf(skip)("is equal after a dump and a restore by the engine's own tools", async () => {
    // Without a quote: mariadb-dump --events cannot select such a database once it holds an event.
    await using source = await freshDatabase(server, "odd = name;");
    await fillRealistic(source.connection, { rows: 500 });
    await using target = await freshDatabase(server, "copy");
    copy(source, target);
    const before = await fingerprint(source.connection);
    expect(await fingerprint(target.connection)).toEqual(before);
    expect(Object.keys(before.tables).length).toBeGreaterThan(8);
    for (const kind of ["tables", "views", "triggers", "routines"] as const) expect(before[kind], kind).not.toEqual({});
  });

  test.skipIf(skip)("is equal for two fills and differs after each kind of damage", async () => {
    await using database = await freshDatabase(server);
    await using twin = await freshDatabase(server);
    await fillRealistic(database.connection, { rows: 200 });
    await fillRealistic(twin.connection, { rows: 200 });
    let before = await fresh(database);
    expect((await fresh(twin)).tables["extremes"]).toEqual(before.tables["extremes"]);
    for (const damage of DAMAGES[engine === "postgresql" ? "postgresql" : "mysql"]) {
      await database.connection.query(damage);
      const after = await fresh(database);
      expect(after, damage).not.toEqual(before);
      before = after;
    }
  });
});

const DAMAGES = {
  postgresql: [
    "UPDATE public.customers SET balance = balance + 0.0001 WHERE id = 7", "DELETE FROM public.order_lines WHERE order_id = 2",
    "DROP TRIGGER customers_audited ON public.customers", "DROP VIEW public.view_on_view", "DROP INDEX public.orders_by_customer",
    "CREATE OR REPLACE FUNCTION public.full_name(who public.customers) RETURNS text LANGUAGE sql STABLE AS $$ SELECT who.name $$",
    "SELECT nextval('public.invoice_numbers')", "ALTER TABLE public.order_lines DROP CONSTRAINT order_lines_order_id_placed_at_fkey",
    "SELECT lo_put(content, 3, '\\xff') FROM public.files WHERE name = 'file 1'", "COMMENT ON TABLE public.customers IS NULL",
    "UPDATE public.extremes SET note = NULL WHERE id = 2", // was the empty string
  ],
  mysql: [
    "UPDATE customers SET balance = balance + 0.0001 WHERE id = 7", "DELETE FROM order_lines WHERE order_id = 2",
    "DROP TRIGGER customers_changed", "DROP VIEW a_view_on_view", "DROP PROCEDURE `forget; all`", "DROP EVENT nightly",
    "UPDATE extremes SET raw = concat(raw, unhex('00')) WHERE id = 4", "UPDATE extremes SET id = 9 WHERE id = 0",
    "ALTER TABLE orders DROP FOREIGN KEY orders_customer", "UPDATE extremes SET note = NULL WHERE id = 2",
    "ALTER TABLE customers AUTO_INCREMENT = 100000",
  ],
};

/** In a session of its own: the fingerprint changes the session. */
async function fresh(database: TestDatabase): Promise<Awaited<ReturnType<typeof fingerprint>>> {
  await using session = await connect(database, database.db_name);
  return await fingerprint(session);
}

function copy(source: TestDatabase, target: TestDatabase): void {
  if (source.engine === "postgresql") {
    const env = (db: TestDatabase) => ({ PGHOST: db.host, PGPORT: String(db.port), PGUSER: db.username, PGPASSWORD: db.password, PGDATABASE: db.db_name });
    const dump = execute(join(source.bin_dir, "pg_dump"), ["-Fc"], env(source));
    execute(join(target.bin_dir, "pg_restore"), ["--exit-on-error", "-d", target.db_name], env(target), dump);
    return;
  }
  const [dumper, client] = source.engine === "mysql" ? ["mysqldump", "mysql"] as const : ["mariadb-dump", "mariadb"] as const;
  const login = ["--no-defaults", "-h", source.host, "-P", String(source.port), "-u", source.username];
  const common = ["--single-transaction", "--routines", "--triggers", "--events", "--hex-blob"];
  const special = source.engine === "mysql" ? ["--set-gtid-purged=OFF", "--no-tablespaces"] : [];
  const env = { MYSQL_PWD: source.password };
  const dump = execute(join(source.bin_dir, dumper), [...login, ...common, ...special, source.db_name], env);
  execute(join(target.bin_dir, client), [...login, "--binary-mode", target.db_name], env, dump);
}

function execute(program: string, args: string[], env: Record<string, string>, input?: Buffer): Buffer {
  const result = spawnSync(program, args, { env: { ...process.env, ...env }, maxBuffer: 1 << 30, ...(input ? { input } : {}) });
  expect(result.stderr.toString()).toBe("");
  expect(result.status).toBe(0);
  return result.stdout;
}
