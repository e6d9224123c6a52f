import { recordAudit } from "../audit/record.ts";
import { requirePassword } from "../auth/require-password.ts";
import { VERSION } from "@safebase/runtime";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireAdmin } from "../users/list.ts";
import { placesForAll, type Place } from "./places.ts";
import { recoveryKey } from "./key.ts";

/**
 * Everything that is needed beside a copy of the catalog, as a file that `age --identity` takes. For admins, who show
 * their password once more: whoever holds the kit and a copy can open every secret.
 */
export async function makeRecoveryKit(core: Core, actor: Actor, { password }: { readonly password: string }): Promise<string> {
  requireAdmin(actor);
  await requirePassword(core, actor, password, { action: "recovery.kit" });
  const { identity, recipient } = await recoveryKey(core);
  await recordAudit(core.db, { actor, action: "recovery.kit", detail: { recipient } });
  return kitText(core, { identity, places: await placesForAll(core) });
}

function kitText(core: Core, { identity, places }: { identity: string; places: readonly Place[] }): string {
  const sqlite = core.config.catalog_url.startsWith("sqlite:");
  return [
    "# SafeBase recovery kit",
    `# made ${core.now().toISOString()} by SafeBase ${VERSION}`,
    "#",
    "# With this file and one copy of the catalog, whoever holds both can open everything that SafeBase keeps: print it,",
    "# or put it where your other recovery keys are. Not on the machines that SafeBase runs on, nor beside its backups.",
    "# How to use it: docs/recovery.md. It is also an identity file of age: age --decrypt --identity THIS_FILE …",
    "#",
    `# catalog: ${sqlite ? "SQLite" : "PostgreSQL"}`,
    `# master key: ${core.secrets.reveal()}`,
    "#",
    "# Copies of the catalog lie in the folder catalog/ of:",
    ...places.map(({ name, type, target }) => `# storage ${name} (${type}): ${target}`),
    "#",
    "# What opens the copies of the catalog:",
    identity, "",
  ].join("\n");
}
