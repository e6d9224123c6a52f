import type { VerifyResult } from "@safebase/contracts";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../jobs/final.ts";
import { judged } from "./judge.ts";

const result = (differences: VerifyResult["differences"]): Outcome => ({ status: "completed", result: { kind: "verify", tables: 1, rows: 1, differences, warnings: [], passed_over: [] } });
const messageOf = (outcome: Outcome): string => (outcome.status === "failed" ? outcome.failure.message : outcome.status);

describe("a test restore", () => {
  test("without differences is what it says", () => {
    expect(judged(result([])).status).toBe("completed");
    expect(judged({ status: "canceled" })).toEqual({ status: "canceled" });
  });

  test("with differences has failed, and names the first of them", () => {
    const rows = { table: "public.a", expected_rows: 3, found_rows: 2 };
    expect(judged(result([rows]))).toMatchObject({ status: "failed", found: { differences: [rows] }, failure: { code: "verification_failed" } });
    expect(messageOf(judged(result([rows])))).toBe("what was restored is not what was backed up: public.a has 2 rows instead of 3");
    const many = [rows, { table: "b", expected_rows: 1, found_rows: null }, { table: "c", expected_rows: null, found_rows: 0 }, rows, rows];
    expect(messageOf(judged(result(many)))).toMatch(/: public.a has 2 rows instead of 3; b is missing; c is there, which the backup did not hold; and 2 more tables differ$/);
  });
});
