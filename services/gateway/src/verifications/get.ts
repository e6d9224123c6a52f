import { findVerification } from "../catalog/verifications.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { verificationView, type VerificationView } from "./view.ts";

/** One verification, with its progress while it runs. */
export async function getVerification(deps: Pick<Deps, "db" | "progress">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<VerificationView> {
  const row = await findVerification(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("verification", input.id);
  return verificationView(row, row.status === "running" ? deps.progress.of(row.job_id) : null);
}
