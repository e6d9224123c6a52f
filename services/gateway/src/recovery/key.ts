import { generateAgeKey, recipientOf } from "@safebase/artifact";
import { IDENTITY_CONTEXT, type Secrets } from "@safebase/runtime";
import { z } from "zod";
import { lockSetting, putSetting } from "../catalog/settings.ts";
import type { Core } from "../jobs/deps.ts";

const NAME = "recovery_key";
const Kept = z.object({ recipient: z.string(), identity_sealed: z.string() });

/** What copies of the catalog are encrypted to, and what opens them. Made when it is first needed, and again when the master key was lost. */
export async function recoveryKey(core: Pick<Core, "db" | "secrets" | "now">): Promise<{ recipient: string; identity: string }> {
  const identity = await core.db.transaction().execute(async (tx) => {
    const at = core.now().toISOString();
    const kept = await lockSetting(tx, NAME, at); // of two gateways that need it first, one makes it
    const opened = kept === undefined ? undefined : tryOpen(core.secrets, Kept.parse(JSON.parse(kept)).identity_sealed);
    if (opened !== undefined) return opened;
    const made = generateAgeKey();
    const value = JSON.stringify({ recipient: made.recipient, identity_sealed: core.secrets.seal(made.identity, IDENTITY_CONTEXT) });
    await putSetting(tx, NAME, value, at);
    return made.identity;
  });
  return { recipient: recipientOf(identity), identity };
}

/** Undefined when it was sealed with a master key that is lost. */
function tryOpen(secrets: Secrets, sealed: string): string | undefined {
  return secrets.opens(sealed) ? secrets.open(sealed, IDENTITY_CONTEXT) : undefined;
}
