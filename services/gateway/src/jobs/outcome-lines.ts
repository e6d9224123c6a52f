import type { CopyFinding, JobEvent, Warning } from "@safebase/contracts";
import type { LogEntry } from "../catalog/job-log.ts";
import type { Outcome } from "./final.ts";

type Result = Extract<JobEvent, { type: "completed" }>["result"];

/** An engine warns of each object: of thousands, the log keeps the first. */
const WARNINGS_KEPT = 100;

/** What the log says of a job's end: its warnings, what became of each copy, then the end itself. */
export function linesOf(outcome: Outcome, at: string): LogEntry[] {
  if (outcome.status === "completed") return [...foundLines(outcome.result, at), { event: "completed", at, detail: sizesOf(outcome.result) }];
  if (outcome.status === "canceled") return [{ event: "canceled", at, detail: outcome.reason === undefined ? {} : { message: outcome.reason } }];
  const { code, message, hint } = outcome.failure;
  return [{ event: "failed", at, detail: { code, message, ...(hint === undefined ? {} : { hint }) } }];
}

function foundLines(result: Result, at: string): LogEntry[] {
  const warnings = "warnings" in result ? result.warnings.slice(0, WARNINGS_KEPT) : [];
  return [...warnings.map(({ code, message }: Warning): LogEntry => ({ event: "warning", at, detail: { code, message } })), ...copiesOf(result).map((copy) => copyLine(copy, at))];
}

function copiesOf(result: Result): readonly CopyFinding[] {
  if ("copies" in result) return result.copies;
  return "passed_over" in result ? result.passed_over : [];
}

function copyLine({ storage, state, detail }: CopyFinding, at: string): LogEntry {
  return { event: "copy", at, detail: { storage, state, ...(detail === null ? {} : { message: detail }) } };
}

function sizesOf(result: Result): LogEntry["detail"] & object {
  return result.kind === "backup" ? { ...(result.raw_size_bytes === null ? {} : { bytes_in: result.raw_size_bytes }), bytes_out: result.size_bytes } : {};
}
