import type { VerifyResult } from "@safebase/contracts";
import type { Outcome } from "../jobs/final.ts";

const NAMED = 3;

/** A test restore that found differences has failed, though its executor did all it was to do. */
export function judged(outcome: Outcome): Outcome {
  if (outcome.status !== "completed" || outcome.result.kind !== "verify" || outcome.result.differences.length === 0) return outcome;
  return {
    status: "failed", found: outcome.result,
    failure: {
      code: "verification_failed", message: `what was restored is not what was backed up: ${listed(outcome.result.differences)}`,
      hint: "back the database up again and verify that; until then an older verified backup is the one to rely on",
    },
  };
}

type Difference = VerifyResult["differences"][number];

function listed(differences: readonly Difference[]): string {
  const named = differences.slice(0, NAMED).map(sentence).join("; ");
  return differences.length > NAMED ? `${named}; and ${differences.length - NAMED} more tables differ` : named;
}

function sentence({ table, expected_rows, found_rows }: Difference): string {
  if (found_rows === null) return `${table} is missing`;
  if (expected_rows === null) return `${table} is there, which the backup did not hold`;
  return `${table} has ${found_rows} rows instead of ${expected_rows}`;
}
