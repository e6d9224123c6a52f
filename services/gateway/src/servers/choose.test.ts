import type { ListedDatabase } from "@safebase/contracts";
import { expect, it } from "vitest";
import { chooser, type Choice } from "./choose.ts";

const database = (name: string, over: Partial<ListedDatabase> = {}): ListedDatabase => ({ name, standing: "user", can_connect: true, size_bytes: null, ...over });
const choose = (over: Partial<Choice>, of: ListedDatabase) => chooser({ include: ["*"], exclude: [], left_out: [], registered: new Set(), isUsable: () => true, ...over })(of);
const system = { standing: "system" } as const;

it.each([
  ["any database", {}, database("shop"), null],
  ["one that no pattern includes", { include: ["app_*"] }, database("shop"), "not_included"],
  ["one of several patterns", { include: ["app_*", "shop"] }, database("shop"), null],
  ["letters in another case", { include: ["SHOP"] }, database("shop"), "not_included"],
  ["nothing included", { include: [] }, database("shop"), "not_included"],
  ["an excluded one, though it is named", { include: ["shop_test"], exclude: ["*_test"] }, database("shop_test"), "excluded"],
  ["the server's own by a wildcard", { include: ["*", "post*"] }, database("postgres", system), "system"],
  ["the server's own by its name", { include: ["*", "postgres"] }, database("postgres", system), null],
  ["the server's own by its name, excluded", { include: ["postgres"], exclude: ["p*"] }, database("postgres", system), "excluded"],
  ["SafeBase's own by its name", { include: ["safebase_verify_1_ab"] }, database("safebase_verify_1_ab", { standing: "safebase" }), "safebase"],
  ["one that was unregistered", { left_out: ["shop"] }, database("shop"), "left_out"],
  ["one that is registered already", { registered: new Set(["shop"]) }, database("shop"), "registered"],
  ["one that may not be entered", {}, database("shop", { can_connect: false }), "closed"],
  ["one whose name cannot be handled", { isUsable: () => false }, database("a\nb"), "closed"],
  ["an excluded one that may not be entered", { exclude: ["shop"] }, database("shop", { can_connect: false }), "excluded"],
] as const)("%s", (_what, over, of, reason) => {
  expect(choose(over, of)).toBe(reason);
});
