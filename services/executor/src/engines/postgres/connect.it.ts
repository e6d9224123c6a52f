import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { runPipeline, StageFailure } from "@safebase/artifact";
import type { Connection, SslMode } from "@safebase/contracts";
import { connect, type DatabaseServer, freePort, freshDatabase, startPostgres, until } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { postgresEngine } from "./index.ts";
import { registered, testContext } from "./testing.ts";

const plain = inject("postgres");
let secure: DatabaseServer;
let otherCa: string;
beforeAll(async () => {
  secure = await startPostgres({ tls: true });
  await using other = await startPostgres({ tls: true });
  otherCa = readFileSync(other.ca_path ?? "", "utf8");
});
afterAll(async () => secure[Symbol.asyncDispose]());

async function probe(connection: Connection) {
  await using context = await testContext();
  return await postgresEngine.probe(connection, context);
}

/** pg_dump in the same environment, so that both ways to the server are held to the same. */
async function dump(connection: Connection): Promise<void> {
  await using context = await testContext();
  await using prepared = await postgresEngine.prepareDump(connection, { format: "custom" }, context);
  try {
    await runPipeline({ stages: prepared.parts[0]!.stages });
  } catch (error) {
    throw error instanceof StageFailure ? prepared.explain(error) : error;
  }
}

describe("a server that cannot be entered is told apart", () => {
  it.each([
    ["nothing listens", async () => ({ port: await freePort() }), "unreachable", /127\.0\.0\.1:\d+/],
    ["no such host", async () => ({ host: "nowhere.invalid" }), "unreachable", /nowhere\.invalid/],
    ["a wrong password", async () => ({ password: "wrong-one" }), "auth_failed", /password authentication failed for user "postgres"/],
    ["no password", async () => ({ password: null }), "auth_failed", /asks for a password/],
    ["no such user", async () => ({ username: "nobody here" }), "auth_failed", /"nobody here"/],
    ["no such database", async () => ({ db_name: "no such = db" }), "database_missing", /"no such = db" does not exist/],
  ] as const)("%s", async (_, changes, code, message) => {
    const error: unknown = await probe(registered(plain, "postgres", await changes())).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("wrong-one");
  });

  it("no right to connect", async () => {
    await using database = await freshDatabase(plain);
    await database.connection.query(`REVOKE CONNECT ON DATABASE ${database.db_name} FROM PUBLIC; CREATE ROLE stranger LOGIN PASSWORD 'x'`);
    try {
      await expect(probe(registered(plain, database.db_name, { username: "stranger", password: "x" })))
        .rejects.toMatchObject({ code: "insufficient_privileges", message: expect.stringContaining("stranger") });
    } finally {
      await database.connection.query("DROP ROLE stranger");
    }
  });

  it("a server that takes the connection and says nothing", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    try {
      await using context = await testContext({ signal: AbortSignal.timeout(500) });
      const { port } = silent.address() as AddressInfo;
      const started_ms = performance.now();
      await expect(postgresEngine.probe(registered(plain, "postgres", { port }), context)).rejects.toMatchObject({ code: "unreachable", message: expect.stringContaining("did not answer in time") });
      expect(performance.now() - started_ms).toBeLessThan(10_000);
    } finally {
      silent.close();
    }
  });

  it("and an aborted run ends at once, with its reason", async () => {
    await using context = await testContext({ signal: AbortSignal.abort() });
    await expect(postgresEngine.probe(registered(plain, "postgres"), context)).rejects.toMatchObject({ code: "canceled" });
  });
});

describe("TLS", () => {
  it.each<[SslMode, boolean]>([["disable", false], ["prefer", true], ["require", true], ["verify-ca", true], ["verify-full", true]])("%s", async (ssl_mode, tls) => {
    const connection = registered(secure, "postgres", { ssl_mode, ssl_ca: readFileSync(secure.ca_path ?? "", "utf8") });
    expect(await probe(connection)).toMatchObject({ tls });
    await dump(connection);
  });

  it.each<SslMode>(["verify-ca", "verify-full"])("%s refuses a certificate of an authority that it does not know", async (ssl_mode) => {
    for (const ssl_ca of [otherCa, null]) {
      await expect(probe(registered(secure, "postgres", { ssl_mode, ssl_ca }))).rejects.toMatchObject({ code: "tls_failed", message: expect.stringContaining("not trusted") });
    }
  });

  it("require needs no authority, and ignores a wrong one", async () => {
    await dump(registered(secure, "postgres", { ssl_mode: "require", ssl_ca: otherCa }));
  });

  it("prefer makes do without, require does not", async () => {
    expect(await probe(registered(plain, "postgres", { ssl_mode: "prefer" }))).toMatchObject({ tls: false });
    await expect(probe(registered(plain, "postgres", { ssl_mode: "require" }))).rejects.toMatchObject({ code: "tls_failed", message: expect.stringContaining("does not support TLS") });
  });

  it("prefer falls back where the server lets nobody in with it", async () => {
    const hba = `${secure.data_dir}/pg_hba.conf`;
    const before = await readFile(hba, "utf8");
    const overTls = await connect(secure, "postgres");
    try {
      await writeFile(hba, "hostnossl all all all scram-sha-256\n");
      await overTls.query("SELECT pg_reload_conf()");
      const connection = registered(secure, "postgres");
      await until("the new rules", async () => !(await probe(connection)).tls);
      await dump(connection);
    } finally {
      await writeFile(hba, before);
      await overTls.query("SELECT pg_reload_conf()");
      await overTls[Symbol.asyncDispose]();
    }
  });
});
