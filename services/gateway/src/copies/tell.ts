import type { CopyFinding, Trigger } from "@safebase/contracts";
import type { Backup, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { jobNotice } from "../jobs/job-notice.ts";
import { tell } from "../notifications/tell.ts";
import { bestOf, failureOf } from "./note.ts";

interface About { readonly backup: Backup; readonly job: Job; readonly trigger: Trigger | null; readonly at: string }

/** Tells of copies that are not there, or not good, while another is: nothing is lost yet. */
export async function tellLost(tx: Db, kind: "copy_missing" | "copy_damaged", lost: readonly CopyFinding[], { backup, job, trigger, at }: About): Promise<void> {
  if (lost.length === 0) return;
  const state = bestOf(lost.map((copy) => copy.state)) === "missing" ? "missing" : "damaged";
  await tell(tx, await jobNotice(tx, job, { kind, database_id: backup.database_id, backup, trigger, copies: lost.map(({ storage }) => storage), error: failureOf(state, lost), at }));
}
