import { SafebaseError } from "@safebase/contracts";
import { recipientOf } from "./age-keys.ts";
import type { Manifest } from "./manifest.ts";
import type { Stage } from "./stage.ts";

/** What an encrypted file's name ends with, after the ending that it has without. */
export const ENCRYPTED_EXTENSION = ".age";

/** The native stage that encrypts stdin to all of the recipients; none for none. They are public: argv may show them. */
export function encryptStages(recipients: readonly string[] = []): Stage[] {
  if (recipients.length === 0) return [];
  return [{ program: "age", args: ["--encrypt", ...recipients.flatMap((recipient) => ["--recipient", recipient])], package: "age" }];
}

/**
 * The native stage that decrypts an artifact; none for one that is not encrypted. `identity_needed` when none of these
 * identities opens it, so that the stage's own failure always means damage.
 */
export function decryptStages({ encryption }: Manifest, identities: readonly string[]): Stage[] {
  if (encryption === undefined) return [];
  const fits = requireIdentity("the backup", encryption.recipients, identities);
  return [{ program: "age", args: ["--decrypt", "--identity", "/dev/fd/3"], secret: `${fits}\n`, package: "age", failure_code: "artifact_damaged" }];
}

/** The identity that opens what is encrypted to these recipients; `identity_needed`, with theirs, when it is not among them. */
export function requireIdentity(what: string, recipients: readonly string[], identities: readonly string[]): string {
  const fits = identities.find((identity) => recipients.includes(recipientOf(identity)));
  if (fits !== undefined) return fits;
  const needed = `${what} is encrypted to ${recipients.join(" and ")}`;
  const hint = "give the identity that belongs to it, as age-keygen wrote it, in `identity`";
  if (identities.length === 0) throw new SafebaseError("identity_needed", `${needed}, whose identity is not kept here`, { hint });
  throw new SafebaseError("identity_needed", `${needed}; the identity that was given is that of ${identities.map(recipientOf).join(" and ")}`, { hint });
}
