import { StageFailure } from "@safebase/artifact";
import type { Connection } from "@safebase/contracts";
import { describe, expect, it } from "vitest";
import { RetryableDumpError } from "../engine.ts";
import { explainDump, explainLoad, parseClientError } from "./explain.ts";

const connection: Connection = { type: "mysql", host: "db", port: 3306, username: "u", password: "hunter2", db_name: "shop", ssl_mode: "prefer", ssl_ca: null };
const failure = (program: string, stderr: string): StageFailure =>
  new StageFailure("dump_failed", { program, exit_code: 2, signal: null, stderr }, []);

describe("parseClientError", () => {
  it.each([
    ["ERROR 1062 (23000) at line 7: Duplicate entry 'Ann O'Hara' for key 'PRIMARY'", 1062, "Duplicate entry '…'"],
    ["ERROR 1064 (42000) at line 3: You have an error near 'VALUES (1,\"sec", 1064, "You have an error near '…'"],
    ["ERROR 1273 (HY000) at line 31: Unknown collation: 'utf8mb4_0900_ai_ci'", 1273, "Unknown collation: 'utf8mb4_0900_ai_ci'"],
    ["mysqldump: Got error: 1045: Access denied for user 'u'@'h' (using password: YES) when trying to connect", 1045, "Access denied for user 'u'@'h' (using password: YES)"],
    ["mariadb-dump: Got error: 2002: \"Can't connect to server on 'db' (115)\" when trying to connect", 2002, "Can't connect to server on 'db' (115)"],
    ["mysqldump: Couldn't execute 'show create table `v`': View 'shop.v' references invalid table(s) (1356)", 1356, "View 'shop.v' references invalid table(s)"],
    ["mysqldump: Error 2013: Lost connection to server during query when dumping table `t` at row: 5", 2013, "Lost connection to server during query"],
    ["mysqldump: sel has insufficient privileges to SHOW CREATE PROCEDURE `p`!", 1142, "insufficient privileges to SHOW CREATE PROCEDURE"],
    ["mysqldump: Error in field count for table: `b` !  Aborting.", 1412, "Table definition has changed, `b` has other columns"],
    ["ERROR at line 2: Unknown command '\\!'.", 0, "Unknown command '\\!'"],
  ])("%s", (line, errno, message) => expect(parseClientError(`noise\n${line}\n`)).toMatchObject({ errno, message }));

  it("never takes the statement that the client prints for the error", () => {
    const stderr = "--------------\nINSERT INTO t VALUES\n('card 4111\nERROR 1146 (42S02): card 4111 is lost'),\n--------------\n\nERROR 1062 (23000) at line 9: Duplicate entry 'card 4111' for key 'PRIMARY'\n";
    const error = explainLoad(failure("/usr/bin/mariadb", stderr), connection);
    expect(error).toMatchObject({ code: "restore_failed", message: "mariadb on db:3306: Duplicate entry '…' at line 9 (1062)" });
    expect(`${String(error)} ${String(error.cause)} ${error.stack ?? ""}`).not.toContain("4111");
  });
});

describe("explain", () => {
  it("says that a dump may be taken again after a rebuild (trap 5)", () => {
    const error = explainDump(failure("mysqldump", "mysqldump: Error 1412: Table definition has changed, please retry transaction when dumping table `t` at row: 0"), connection);
    expect(error).toBeInstanceOf(RetryableDumpError);
    expect(error).toMatchObject({ code: "dump_failed", message: expect.stringContaining("table `t`"), hint: expect.stringContaining("again") });
  });
  it("tells a lost connection (trap 4) from a server that was never reached", () => {
    expect(explainDump(failure("mariadb-dump", "mariadb-dump: Error 2013: Lost connection to server during query when dumping table `t` at row: 5"), connection))
      .toMatchObject({ code: "dump_failed", hint: expect.stringContaining("net_write_timeout") });
    expect(explainDump(failure("mariadb-dump", "mariadb-dump: Got error: 2002: \"Can't connect\" when trying to connect"), connection)).toMatchObject({ code: "unreachable" });
    expect(explainDump(failure("mysqldump", ""), connection)).toMatchObject({ code: "dump_failed", message: "mysqldump ended with exit code 2" });
  });
  it("leaves other programs' failures alone", () => {
    const other = failure("zstd", "disk full");
    expect(explainDump(other, connection)).toBe(other);
  });
});
