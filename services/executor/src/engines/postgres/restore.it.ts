import { randomBytes } from "node:crypto";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { connect, fillRealistic, freshDatabase, until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import type { EngineContext } from "../engine.ts";
import { postgresEngine } from "./index.ts";
import { admin, dumpToFile, type Dumped, fingerprintOf, leftovers, registered, restoreFile, testContext } from "./testing.ts";

const server = inject("postgres");
let context: EngineContext & AsyncDisposable;
beforeEach(async () => { context = await testContext(); });
afterEach(async () => {
  const left = await leftovers(server, context);
  await context[Symbol.asyncDispose]();
  expect(left).toEqual([]);
});

describe("a load that fails leaves the target as it was", () => {
  const BREAK: Record<string, (dumped: Dumped) => Promise<Dumped>> = {
    "an archive that is garbage": async (dumped) => { await writeFile(dumped.path, randomBytes(100_000)); return dumped; },
    "an archive cut half-way": async (dumped) => { await truncate(dumped.path, Math.floor((await readFile(dumped.path)).length * 0.6)); return dumped; },
    "an archive without its last rows' table": async (dumped) => {
      const contents = { tables: [...dumped.contents.tables, { name: "public.never there", rows: 1, exact: true }] };
      return { ...dumped, manifest: { ...dumped.manifest, contents } };
    },
  };
  it.each(Object.entries(BREAK))("%s", async (_, spoil) => {
    await using database = await freshDatabase(server);
    await fillRealistic(database.connection, { rows: 200 });
    const target = registered(server, database.db_name);
    const spoilt = await spoil(await dumpToFile(target, "custom", context));
    await database.connection.query("INSERT INTO audit (what) VALUES ('since then')");
    const before = await fingerprintOf(server, database.db_name);
    await expect(restoreFile(spoilt, target, context)).rejects.toMatchObject({ code: expect.stringMatching(/artifact_damaged|restore_failed/) });
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
  });

  it("SQL that is garbage, and SQL cut between two rows, which psql loads without a word", async () => {
    await using database = await freshDatabase(server);
    await database.connection.query("CREATE TABLE t AS SELECT i, 'row ' || i AS v FROM generate_series(1, 5000) i");
    const target = registered(server, database.db_name);
    const before = await fingerprintOf(server, database.db_name);
    const dumped = await dumpToFile(target, "sql", context);
    const sql = await readFile(dumped.path, "utf8");
    await writeFile(dumped.path, sql.slice(0, sql.indexOf("\n1001\trow") + 1));
    await expect(restoreFile(dumped, target, context)).rejects.toMatchObject({ code: "restore_failed", message: expect.stringContaining("public.t has 1000 rows instead of 5000") });
    await writeFile(dumped.path, "top secret garbage\n".repeat(1000));
    await expect(restoreFile(dumped, target, context)).rejects.toMatchObject({ message: expect.not.stringContaining("secret") });
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
  });

  it("an extension that the server lacks: told before, and by the load where the manifest says nothing", async () => {
    await using database = await freshDatabase(server);
    const target = registered(server, database.db_name);
    await database.connection.query("CREATE TABLE t (id int)");
    const dumped = await dumpToFile(target, "sql", context);
    const sql = (await readFile(dumped.path, "utf8")).replace("CREATE TABLE", "CREATE EXTENSION atlantis;\nCREATE TABLE");
    await writeFile(dumped.path, sql);
    const error = { code: "restore_failed", message: expect.stringContaining("atlantis"), hint: expect.stringContaining("install") };
    await expect(restoreFile(dumped, target, context)).rejects.toMatchObject(error);
    const facts = { ...dumped.manifest.facts, extensions: ["plpgsql", "atlantis"] };
    await expect(postgresEngine.prepareRestore(target, { manifest: { ...dumped.manifest, facts }, must_be_new: false }, context)).rejects.toMatchObject(error);
  });

  it("pg_restore killed, its sessions too", async () => {
    await using database = await freshDatabase(server);
    await database.connection.query("CREATE TABLE t AS SELECT md5(i::text) AS v FROM generate_series(1, 30000) i");
    const target = registered(server, database.db_name);
    const before = await fingerprintOf(server, database.db_name);
    const dumped = await dumpToFile(target, "custom", context);
    const killed = restoreFile(dumped, target, context, {
      stages: ([stage]) => [{ ...stage, program: "/bin/sh", args: ["-c", 'kill -9 $$', "sh"] }],
    });
    await expect(killed).rejects.toMatchObject({ code: "restore_failed", message: expect.stringContaining("SIGKILL") });
    let ended = Promise.resolve(false);
    const cut = restoreFile(dumped, target, context, {
      stages: (stages) => {
        ended = until("the load's session", async () => (await admin(server, `SELECT FROM pg_stat_activity
          WHERE application_name = '${context.tag}' AND query LIKE 'COPY%' AND pg_terminate_backend(pid)`)).length > 0);
        return [{ program: "sh", args: ["-c", "head -c 300000; sleep 2; cat"] }, ...stages];
      },
    });
    await expect(cut).rejects.toMatchObject({ code: "restore_failed", message: expect.stringMatching(/ended the connection|broke off/) });
    expect(await ended).toBe(true);
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
  });

  it.each(["custom", "sql"] as const)("an index on a function with unqualified names, which dumps but does not restore, %s", async (format) => {
    await using database = await freshDatabase(server);
    await database.connection.query(`CREATE TABLE rates (r int); INSERT INTO rates VALUES (2); CREATE TABLE t (id int); INSERT INTO t VALUES (1);
      CREATE FUNCTION rated(i int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN i * (SELECT max(r) FROM rates); END $$;
      CREATE INDEX rated_t ON t (rated(id))`);
    const target = registered(server, database.db_name);
    const before = await fingerprintOf(server, database.db_name);
    const dumped = await dumpToFile(target, format, context);
    await expect(restoreFile(dumped, target, context)).rejects.toMatchObject({ code: "restore_failed", message: expect.stringContaining(`relation "rates" does not exist`) });
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
  });
});

describe("a run that died", () => {
  async function prepared(db_name: string, dumped: Dumped) {
    const restore = await postgresEngine.prepareRestore(registered(server, db_name), { manifest: dumped.manifest, must_be_new: false }, context);
    return restore;
  }

  it("before the swap: its side database goes, and the next run starts over", async () => {
    await using database = await freshDatabase(server);
    await database.connection.query("CREATE TABLE t AS SELECT 1 AS id");
    const target = registered(server, database.db_name);
    const dumped = await dumpToFile(target, "custom", context);
    await (await prepared(database.db_name, dumped)).begin();
    expect(await leftovers(server, context)).toHaveLength(1);
    await using lingering = await connect(server, (await leftovers(server, context))[0] ?? "");
    await lingering.query("CREATE TABLE half_loaded (id int)");
    const restore = await restoreFile(dumped, target, context);
    expect(restore).toMatchObject({ already_loaded: false, replaces: true });
    expect(await postgresEngine.cleanUp(target, context)).toBe("untouched");
  });

  it("after the swap: the next run only says so, and cleaning up ends it", async () => {
    await using database = await freshDatabase(server);
    await database.connection.query("CREATE TABLE t AS SELECT 1 AS id");
    const target = registered(server, database.db_name);
    await admin(server, `COMMENT ON DATABASE "${database.db_name}" IS 'kept'`);
    const dumped = await dumpToFile(target, "custom", context);
    const died = new Error("the executor died here");
    await expect(restoreFile(dumped, target, context, { beforeCommit: async () => { throw died; } })).rejects.toBe(died);

    const first = await prepared(database.db_name, dumped);
    await first.begin();
    const side = (await leftovers(server, context))[0] ?? "";
    await admin(server, "CREATE TABLE t AS SELECT 1 AS id", side);
    await first.commit();
    expect(await first.rollback()).toBe(false);
    const second = await prepared(database.db_name, dumped);
    expect(second).toMatchObject({ already_loaded: true, replaces: true });
    await second.commit();
    expect(await postgresEngine.cleanUp(target, context)).toBe("restored");
    const [row] = await admin(server, `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = '${database.db_name}'`);
    expect(row).toEqual({ comment: "kept" });
  });

  it("after the swap of a new database, which is then no conflict", async () => {
    await using database = await freshDatabase(server);
    await database.connection.query("CREATE TABLE t AS SELECT 1 AS id");
    const dumped = await dumpToFile(registered(server, database.db_name), "custom", context);
    const target = registered(server, `${database.db_name}_copy`);
    const options = { manifest: dumped.manifest, must_be_new: true };
    const first = await postgresEngine.prepareRestore(target, options, context);
    await first.begin();
    await admin(server, "CREATE TABLE t AS SELECT 1 AS id", (await leftovers(server, context))[0]);
    await first.commit();
    expect(await postgresEngine.prepareRestore(target, options, context)).toMatchObject({ already_loaded: true, replaces: false });
    expect(await postgresEngine.cleanUp(target, context)).toBe("restored");
    await expect(postgresEngine.prepareRestore(target, options, context)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(target.db_name) });
    await admin(server, `DROP DATABASE "${target.db_name}"`);
  });
});

describe("the swap", () => {
  it("is not kept from its work by clients that reconnect without a pause", async () => {
    await using database = await freshDatabase(server);
    await database.connection.query("CREATE TABLE t AS SELECT 'old' AS v");
    const target = registered(server, database.db_name);
    const dumped = await dumpToFile(target, "custom", context);
    const over = new AbortController();
    let connected = 0;
    const hammer = async (): Promise<void> => {
      while (!over.signal.aborted) {
        try {
          await using client = await connect(server, database.db_name);
          connected += 1;
          await client.query("SELECT count(*) FROM t");
        } catch { /* thrown out, or met the moment of the swap: comes again */ }
      }
    };
    const hammers = [hammer(), hammer(), hammer(), hammer()];
    await until("the clients to come", () => connected > 10);
    try {
      await restoreFile(dumped, target, context);
    } finally {
      over.abort();
      await Promise.all(hammers);
    }
    expect(await leftovers(server, context)).toEqual([]);
    const [row] = await admin(server, `SELECT datallowconn AS open FROM pg_database WHERE datname = '${database.db_name}'`);
    expect(row).toEqual({ open: "t" });
  });

  it("keeps what belongs to the database: owner, settings, grants, comment, limit, sort order", async () => {
    await using database = await freshDatabase(server);
    const name = database.db_name;
    await admin(server, `CREATE ROLE prop_owner; CREATE ROLE "prop; app"`);
    const facts = () => admin(server, `SELECT pg_get_userbyid(datdba) AS owner, datconnlimit, datcollate, pg_encoding_to_char(encoding) AS encoding,
      shobj_description(d.oid, 'pg_database') AS comment, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a) AS acl,
      (SELECT array_agg(setrole::regrole || ':' || setconfig::text ORDER BY 1) FROM pg_db_role_setting WHERE setdatabase = d.oid) AS settings
      FROM pg_database d WHERE datname = '${name}'`);
    try {
      await admin(server, `DROP DATABASE "${name}" WITH (FORCE)`);
      await admin(server, `CREATE DATABASE "${name}" TEMPLATE template0 OWNER prop_owner ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' CONNECTION LIMIT 7`);
      await admin(server, `COMMENT ON DATABASE "${name}" IS 'it''s mine';
        ALTER DATABASE "${name}" SET search_path = "$user", public, "odd, one"; ALTER DATABASE "${name}" SET default_transaction_read_only = on;
        ALTER DATABASE "${name}" SET my.setting = 'a, ''b'''; ALTER ROLE "prop; app" IN DATABASE "${name}" SET work_mem = '8MB';
        REVOKE ALL ON DATABASE "${name}" FROM PUBLIC; GRANT CONNECT ON DATABASE "${name}" TO "prop; app" WITH GRANT OPTION`);
      const before = await facts();
      const target = registered(server, name);
      const restore = await restoreFile(await dumpToFile(target, "custom", context), target, context);
      expect(restore.warnings).toEqual([]);
      expect(await facts()).toEqual(before);
    } finally {
      await admin(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      await admin(server, `DROP ROLE prop_owner; DROP ROLE "prop; app"`);
    }
  });
});
