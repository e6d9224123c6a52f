import { ENGINE_TYPES } from "@safebase/contracts";
import { expect, it } from "vitest";
import { engineFor } from "./registry.ts";

it("has an engine for every type that can be registered", () => {
  for (const type of ENGINE_TYPES) expect(engineFor(type).types).toContain(type);
});

it("refuses a type that it does not know, by name", () => {
  expect(() => engineFor("oracle")).toThrow(expect.objectContaining({ code: "bad_request", message: "unsupported database type: oracle" }));
});
