import { expect, it } from "vitest";
import { doneOf, nextOf, reachedOf, shownOf, type There } from "./steps.ts";

const there = (change: Partial<There>): There => ({ database: undefined, schedules: 0, channels: 0, completed: undefined, ...change });
const database = { storages: null };

it.each([
  [{}, "database"], [{ database }, "storage"], [{ database: { storages: ["local"] } }, "schedule"], [{ database, schedules: 1 }, "alerts"],
  [{ database, channels: 2 }, "backup"], [{ database, completed: { id: 1 } }, "end"], [{ channels: 1 }, "database"],
])("with %j one goes on at %s", (change, step) => {
  expect(reachedOf(doneOf(there(change)))).toBe(step);
});

it("the next is one that is not gone yet", () => {
  const done = doneOf(there({ database, schedules: 1 }));
  expect([nextOf("database", done), nextOf("storage", done), nextOf("backup", done)]).toEqual(["storage", "alerts", "end"]);
});

it.each([["alerts", true, "alerts"], ["alerts", false, "database"], ["nonsense", true, "storage"], [undefined, true, "storage"], ["end", true, "end"]])("?step=%s, a database: %s shows %s", (asked, has, step) => {
  expect(shownOf(asked, doneOf(there(has ? { database } : {})))).toBe(step);
});
