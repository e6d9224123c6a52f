import type { Connection } from "@safebase/contracts";
import { describe, expect, it } from "vitest";
import { explainDriverError, explainToolOutput, harmless } from "./errors.ts";

const connection: Connection = {
  type: "postgresql", host: "db.example", port: 5433, username: "me", password: "hunter22", db_name: "shop", ssl_mode: "require", ssl_ca: null,
};
const explain = (stderr: string) => explainToolOutput(stderr, connection, "restore_failed");

describe("what tools say", () => {
  it.each([
    [`pg_dump: error: connection to server at "10.0.0.1", port 5433 failed: Connection refused\n\tIs the server running?`, "unreachable", "db.example:5433"],
    [`pg_dump: error: could not translate host name "db.example" to address: Name or service not known`, "unreachable", "db.example"],
    [`pg_dump: error: connection to server at "x", port 1 failed: FATAL:  password authentication failed for user "me"`, "auth_failed", `password authentication failed for user "me"`],
    [`pg_dump: error: connection to server at "x", port 1 failed: FATAL:  database "shop" does not exist`, "database_missing", `"shop"`],
    [`pg_dump: error: connection to server at "x", port 1 failed: server does not support SSL, but SSL was required`, "tls_failed", "does not support TLS"],
    [`pg_dump: error: connection to server at "x", port 1 failed: SSL error: certificate verify failed`, "tls_failed", "not trusted"],
    [`pg_dump: error: query failed: ERROR:  permission denied for table salaries\npg_dump: detail: Query was: LOCK TABLE public.salaries IN ACCESS SHARE MODE`, "insufficient_privileges", "permission denied for table salaries"],
    [`pg_dump: error: Dumping the contents of table "t" failed: PQgetResult() failed.\npg_dump: detail: Error message from server: ERROR:  query would be affected by row-level security policy for table "t"\nHINT:  x\npg_dump: detail: Command was: COPY public.t TO stdout;`, "insufficient_privileges", `table "t"`],
    [`pg_dump: error: aborting because of server version mismatch\npg_dump: detail: server version: 18.1; pg_dump version: 15.18`, "server_unsupported", "PostgreSQL 18.1, but pg_dump is 15.18"],
    [`pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout`, "restore_failed", "locked by another session"],
    [`pg_dump: detail: Error message from server: FATAL:  terminating connection due to administrator command\nserver closed the connection unexpectedly`, "restore_failed", "ended the connection"],
    [`pg_restore: error: could not read from input file: end of file`, "artifact_damaged", "no complete PostgreSQL archive"],
    [`pg_restore: error: unsupported version (1.16) in file header`, "client_missing", "1.16"],
    [`psql:<stdin>:12: ERROR:  role "boss" does not exist`, "restore_failed", `role "boss"`],
    [`ERROR:  could not open extension control file "/usr/share/postgresql/15/extension/postgis.control": No such file or directory`, "restore_failed", `extension "postgis"`],
    [`pg_restore: error: could not execute query: ERROR:  permission denied to create extension "file_fdw"\nHINT:  Must be superuser`, "insufficient_privileges", "file_fdw"],
    [`psql:<stdin>:1: ERROR:  could not extend file "base/1/2": No space left on device`, "restore_failed", "disk of the server"],
  ])("%s", (stderr, code, part) => {
    const error = explain(stderr);
    expect(error).toMatchObject({ code, message: expect.stringContaining(part) });
  });

  it("repeats no row, no statement and no password, and is short", () => {
    const said = [
      `psql:<stdin>:40: ERROR:  invalid input syntax for type integer: "secret row"`,
      `psql:<stdin>:40: ERROR:  syntax error at or near "secret"\nLINE 1: secret row\n        ^`,
      `ERROR:  duplicate key value violates unique constraint "k"\nDETAIL:  Key (mail)=(secret) already exists.\nCONTEXT:  COPY t, line 3: "secret"`,
      `psql:<stdin>:3: error: invalid command \\secret`,
      `pg_restore: error: could not execute query: ERROR:  oh\nCommand was: INSERT INTO t VALUES ('secret')`,
      `pg_restore: error: COPY failed for table "t": ERROR:  extra data after last expected column\nCONTEXT:  COPY t, line 1: "secret"`,
    ].map((stderr) => explain(stderr));
    for (const error of said) {
      expect(error?.code).toBe("restore_failed");
      expect(JSON.stringify([error?.message, error?.hint])).not.toContain("secret");
    }
    expect(harmless(`ERROR:  wrong: hunter22 ${"x".repeat(1000)}`, "hunter22")).toMatch(/^wrong: \*\*\* x{200,}$/);
    expect(harmless("x".repeat(1000), null).length).toBeLessThanOrEqual(300);
    expect(explain("")).toBeUndefined();
  });
});

describe("what the driver throws", () => {
  it("is known by SQLSTATE where the server speaks another language", () => {
    const error = Object.assign(new Error("Passwort-Authentifizierung fehlgeschlagen"), { code: "28P01", severity: "FATAL" });
    expect(explainDriverError(error, connection, "dump_failed")).toMatchObject({ code: "auth_failed", cause: error });
  });
  it("is unreachable when every address of a name refused", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED ::1:5433"), { code: "ECONNREFUSED" });
    expect(explainDriverError(new AggregateError([refused, refused]), connection, "dump_failed")).toMatchObject({ code: "unreachable" });
  });
});
