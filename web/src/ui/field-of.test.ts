import { expect, it } from "vitest";
import { fieldOf } from "./field-of.ts";

it.each([
  ["port must be a whole number from 1 to 65535, got 0", "port"], ["name is missing", "name"], ["name and url are missing", "name"],
  ["config.port must be at most 65535", "port"], ["config.db_name: only that one", "db_name"], ["config.host is missing", undefined],
  ["unsupported database type: x", undefined], ["host is missing", undefined], ["the body is too large", undefined],
])("%s", (message, field) => {
  expect(fieldOf({ code: "bad_request", message }, ["name", "url", "port", "db_name"])).toBe(field);
});

it("what is no refusal of the input is no field's", () => {
  expect(fieldOf({ code: "conflict", message: "name is taken" }, ["name"])).toBeUndefined();
});
