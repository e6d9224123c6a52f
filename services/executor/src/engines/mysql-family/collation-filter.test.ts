import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { renameCollationSwitches } from "./collation-filter.ts";
import { quoteName } from "./names.ts";

const SAVE = "/*!50003 SET @saved_cs_client      = @@character_set_client */ ;";
const RESTORE = "/*!50003 SET collation_connection  = @saved_col_connection */ ;";

function filter(source: string, input: string | Buffer): string {
  const { stdout, stderr } = spawnSync("sed", [...renameCollationSwitches(source)], { input, env: { LC_ALL: "C" } });
  expect(stderr.toString()).toBe("");
  return stdout.toString("latin1");
}

describe("renameCollationSwitches", () => {
  it.each(["shop", "a.b*[c]^$/\\&'\"`;=", "../up", "ünï 漢字", "x{1,}+?|(y)"])("takes the name %s out where the programs write it", (source) => {
    const line = (collation: string, end: string, name = `${quoteName(source)} `): string => `ALTER DATABASE ${name}CHARACTER SET utf8mb4 COLLATE ${collation} ${end}`;
    const dump = (name?: string): string => [
      line("utf8mb4_bin", ";", name), SAVE, "body", RESTORE, line("latin1_swedish_ci", ";", name),
      line("utf8mb4_bin", ";;", name), `${SAVE};`, "body", `${RESTORE};`, line("latin1_swedish_ci", ";;", name), "",
    ].join("\n");
    expect(filter(source, dump())).toBe(Buffer.from(dump("")).toString("latin1"));
    expect(filter(`${source}x`, dump())).toBe(Buffer.from(dump()).toString("latin1"));
  });

  it("changes nothing else, and no byte of what is no text", () => {
    const line = "ALTER DATABASE `shop` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;";
    const other = [
      "CREATE PROCEDURE p() SELECT '", line, line, "' ;;", `${line} -- said so`, SAVE, ` ${line}`, SAVE, "ALTER DATABASE `shopx` CHARACTER SET a COLLATE b ;", SAVE,
      "ALTER DATABASE `shop` READ ONLY = 1 ;", SAVE, RESTORE, `x${line}`, `INSERT INTO t VALUES ('\\n${line}\\n${SAVE}');`, RESTORE, RESTORE, line.toLowerCase(), line,
    ].join("\n");
    const bytes = Buffer.concat([Buffer.from(`${other}\n`), Buffer.from([0, 255, 13, 10, 0xf0, 10, 65])]);
    expect(filter("shop", bytes)).toBe(bytes.toString("latin1"));
  });

  it("refuses a name that spans lines, which it could not find", () => {
    expect(() => renameCollationSwitches("a\nb")).toThrow(expect.objectContaining({ code: "bad_request" }));
  });
});
