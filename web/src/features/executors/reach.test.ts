import { expect, test } from "vitest";
import { reachOf } from "./reach.ts";

const clients = (...names: string[]) => names.map((each) => { const [name = "", version = ""] = each.split(" "); return { name, version }; });

test.each([
  [clients("pg_dump 15.8", "pg_dump 17.2", "psql 18.0", "mariadb-dump 11.8.3"), { postgresql: 17, family: true }],
  [clients("mysqldump 9.1.0"), { postgresql: null, family: true }],
  [clients("pg_dump 9.6.24", "mysql 9.1.0"), { postgresql: 9, family: false }],
  [[], { postgresql: null, family: false }],
])("%j", (found, reach) => expect(reachOf(found)).toEqual(reach));
