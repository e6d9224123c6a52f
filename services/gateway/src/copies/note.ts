import type { CopyFinding, CopyState, Failure } from "@safebase/contracts";
import { copiesOf, setCopy } from "../catalog/copies.ts";
import type { Db } from "../catalog/scope.ts";
import { repairCopies } from "./queue.ts";

/** What was known of a backup's copies, and is known now. */
export interface Noted {
  /** Of the best copy; undefined when nothing is known of any. */
  readonly best: CopyState | undefined;
  /** What was found lost that was not known to be. */
  readonly lost: readonly CopyFinding[];
}

/**
 * Notes what the copies of a backup were found to be by somebody who read them since then, and has the lost ones made
 * good again. A copy that was made good meanwhile is not what was read.
 */
export async function noteFindings(tx: Db, backupId: number, findings: readonly CopyFinding[], { since, at }: { since: string | null; at: string }): Promise<Noted> {
  const known = new Map((await copiesOf(tx, [backupId])).map((copy) => [copy.storage, copy]));
  const lost: CopyFinding[] = [];
  for (const finding of findings) {
    const copy = known.get(finding.storage);
    if (copy === undefined || (finding.state !== "good" && copy.state === "good" && since !== null && copy.updated_at > since)) continue;
    if (finding.state !== "good" && finding.state !== copy.state) lost.push(finding);
    await setCopy(tx, backupId, finding.storage, { state: finding.state, detail: finding.detail, checked_at: at, at });
  }
  await repairCopies(tx, backupId, at);
  return { best: bestOf((await copiesOf(tx, [backupId])).flatMap(({ state }) => (state === "pending" ? [] : [state]))), lost };
}

/** A backup is as good as the best of its copies. */
export function bestOf(states: readonly CopyState[]): CopyState | undefined {
  return (["good", "damaged", "missing"] as const).find((state) => states.includes(state));
}

/** What was found, in a sentence. */
export function failureOf(state: "damaged" | "missing", copies: readonly CopyFinding[]): Failure {
  const found = copies.flatMap(({ storage, detail }) => (detail === null ? [] : [`in ${storage}: ${detail}`])).join("; ");
  return { code: state === "missing" ? "artifact_missing" : "artifact_damaged", message: found };
}
