import { expect, it } from "vitest";
import { Conversions } from "./conversions.ts";

it("as many places as were set, each free again once it is left", () => {
  const conversions = new Conversions(2);
  const [first] = [conversions.enter(), conversions.enter()];
  const full = expect.objectContaining({ code: "too_many_requests", retry_after_s: 30, message: expect.stringMatching(/^2 downloads are being converted already, try again later/) });
  expect(() => conversions.enter()).toThrow(full);
  first?.leave();
  first?.leave(); // twice is once
  conversions.enter();
  expect(() => conversions.enter()).toThrow(full);
});
