import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { findUser } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { verifyPassword } from "./passwords.ts";
import { beginAttempt } from "./throttle.ts";

/** Throws unless this is the actor's own password: before what a stolen session must not do. What was wanted is audited. */
export async function requirePassword(core: Pick<Core, "db">, actor: Actor, password: string, wanted: { action: string; object?: { type: string; id: number } }): Promise<void> {
  const attempt = await beginAttempt(core.db, actor.email, actor.ip);
  const user = await findUser(core.db, actor.user_id);
  if (!await verifyPassword(password, user?.password_hash)) {
    await recordAudit(core.db, { actor, ...wanted, outcome: "refused" });
    throw new SafebaseError("forbidden", "the password is wrong");
  }
  await attempt.succeeded();
}
