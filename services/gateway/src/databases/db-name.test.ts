import { expect, it } from "vitest";
import { checkDbName } from "./db-name.ts";

it.each([
  ["postgresql", "x".repeat(63)], ["postgresql", "shop 😀"], ["mysql", "x".repeat(64)], ["mysql", "é".repeat(64)], ["mariadb", "a'b`c;=../"],
] as const)("%s can have a database %j", (type, name) => expect(() => checkDbName("db_name", type, name)).not.toThrow());

it.each([
  ["postgresql", "", "db_name must have 1 to 63 bytes"], ["postgresql", "é".repeat(32), "db_name must have 1 to 63 bytes"],
  ["mysql", "x".repeat(65), "db_name must have 1 to 64 characters"], ["mariadb", "a\0b", "db_name may not hold zero bytes"],
  ["mysql", "shop 😀", "db_name may not hold 4-byte characters such as emoji: mysql knows no such name"],
] as const)("%s cannot have a database %j", (type, name, sentence) => expect(() => checkDbName("db_name", type, name)).toThrow(sentence));
