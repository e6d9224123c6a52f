import { expect, it } from "vitest";
import { readerName, readOnlyUserSql, strongPassword, type ReaderWanted } from "./read-only-user.ts";

const wanted = (change: Partial<ReaderWanted>): ReaderWanted => ({ type: "postgresql", server: undefined, db_name: 'sh"op`_%', username: "safebase_shop", password: "Secret-1", ...change });

// That it runs, and that a backup with it is whole: test/e2e/web-start.test.ts.
it.each([
  [{}, /^GRANT pg_read_all_data TO/m], [{ server: "PostgreSQL 13.9" }, /GRANT SELECT ON ALL TABLES IN SCHEMA/], [{ server: "PostgreSQL 17.2" }, /^GRANT pg_read_all_data/m],
  [{}, /^GRANT CONNECT ON DATABASE "sh""op`_%" TO "safebase_shop";$/m],
  [{ type: "mariadb" as const }, /^GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `sh"op``\\_\\%`\.\* TO 'safebase_shop'@'%';$/m],
  [{ type: "mariadb" as const }, /SELECT ON `mysql`\.`proc`/], [{ type: "mysql" as const, server: "MariaDB 10.11.6" }, /SELECT ON `mysql`\.`proc`/], [{ type: "mysql" as const, server: "MySQL 5.7.44" }, /SELECT ON `mysql`\.`proc`/],
  [{ type: "mysql" as const, server: "MySQL 8.0.19" }, /SELECT ON \*\.\*/], [{ type: "mysql" as const }, /SHOW_ROUTINE ON \*\.\*/], [{ type: "mysql" as const, server: "MySQL 9.7.0" }, /SHOW_ROUTINE ON \*\.\*/],
])("%j: %s", (change, line) => {
  expect(readOnlyUserSql(wanted(change))).toMatch(line);
});

it.each([["shop", "safebase_shop"], ["Sh op'; --", "safebase_sh_op"], ["漢字", "safebase_reader"], ["a".repeat(60), `safebase_${"a".repeat(20)}`]])("the reader of %j is %s", (db_name, expected) => {
  expect(readerName(db_name)).toBe(expected);
});

it("passwords are strong, of letters that need no quoting, and never the same", () => {
  const made = Array.from({ length: 200 }, strongPassword);
  expect(new Set(made).size).toBe(200);
  for (const password of made) expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)([A-Za-z2-9]{7}-){3}[A-Za-z2-9]{7}$/);
});
