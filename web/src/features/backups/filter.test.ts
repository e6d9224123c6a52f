import { expect, it } from "vitest";
import { filterOf } from "./filter.ts";

it.each([
  [{}, {}], [{ status: "failed", type: "mysql", database_id: "7", page: "2" }, { status: "failed", type: "mysql", database_id: "7" }],
  [{ status: "done", type: "oracle", database_id: "7 or 1" }, {}],
])("%j", (params, expected) => {
  expect(filterOf(params)).toEqual(expected);
});
