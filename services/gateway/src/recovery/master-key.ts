import { SafebaseError } from "@safebase/contracts";
import type { Secrets } from "@safebase/runtime";
import { insertAudit } from "../catalog/audit.ts";
import { forgetSealed, someSealed } from "../catalog/sealed.ts";
import type { Db } from "../catalog/scope.ts";
import { lockSetting, putSetting } from "../catalog/settings.ts";
import type { Core } from "../jobs/deps.ts";

const NAME = "master_key_id";

/**
 * Throws when the catalog was sealed with another master key than this, unless that one was said to be lost: then what
 * nobody can open any more is forgotten. At the start, before anything is sealed.
 */
export async function checkMasterKey(core: Pick<Core, "db" | "secrets" | "config" | "log" | "now">): Promise<void> {
  const { db, secrets, config, log } = core;
  const lost = await db.transaction().execute(async (tx) => {
    const at = core.now().toISOString();
    const before = await lockSetting(tx, NAME, at) ?? keyIdOf(await someSealed(tx)) ?? secrets.keyId;
    if (before !== secrets.keyId && before !== config.lost_master_key) throw refusal(before, secrets);
    await putSetting(tx, NAME, secrets.keyId, at);
    return before === secrets.keyId ? undefined : forget(tx, before, secrets.keyId, at);
  });
  if (lost !== undefined) log.error({ lost }, "the master key was lost: what it had sealed is forgotten; see docs/recovery.md for what to enter again");
}

function refusal(before: string, { keyId }: Secrets): SafebaseError {
  return new SafebaseError("internal", `the catalog was made with another master key (${before}; this one is ${keyId})`, {
    hint: `start with the SAFEBASE_MASTER_KEY or the master.key that it was made with; the recovery kit holds it; if it is lost for good, start with SAFEBASE_LOST_MASTER_KEY=${before}, and see docs/recovery.md for what that costs`,
  });
}

/** The second part of what Secrets.seal gives. */
function keyIdOf(sealed: string | undefined): string | undefined {
  return sealed?.split(".")[1];
}

async function forget(tx: Db, before: string, after: string, at: string): Promise<Record<string, number>> {
  const lost = await forgetSealed(tx, at);
  await insertAudit(tx, {
    at, user_id: null, actor: "configuration", action: "master_key.lost", object_type: null, object_id: null, ip: null, outcome: "ok",
    detail: JSON.stringify({ before, after, ...lost }),
  });
  return lost;
}
