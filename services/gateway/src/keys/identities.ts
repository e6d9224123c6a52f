import { parseIdentities, recipientOf, requireIdentity } from "@safebase/artifact";
import { SafebaseError } from "@safebase/contracts";
import { IDENTITY_CONTEXT, type Secrets } from "@safebase/runtime";
import { keysOpening, type EncryptionKey } from "../catalog/encryption-keys.ts";
import type { Backup } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";

/** Something encrypted that is to be opened, and the keys that do, where they are known without looking. */
export interface Locked { readonly what: string; readonly recipients: readonly string[]; readonly by: readonly EncryptionKey[] | Pick<Backup, "id" | "user_id"> }

/** A backup as something to open. */
export function lockedBackup(backup: Backup): Locked {
  return { what: `backup ${backup.id}`, recipients: recipientsOf(backup.recipients), by: backup };
}

/** Recipients as the catalog holds them. */
export function recipientsOf(json: string | null): string[] {
  return json === null ? [] : JSON.parse(json) as string[];
}

export function recipientsColumn(recipients: readonly string[]): string | null {
  return recipients.length === 0 ? null : JSON.stringify(recipients);
}

/**
 * The identities that open all of these, none when nothing is encrypted: those given, else those kept here. What is
 * given must open something. `identity_needed` says to whom it is encrypted. For memory only, never for the catalog.
 */
export async function identitiesFor(db: Db, secrets: Secrets, locked: readonly Locked[], given: string | undefined): Promise<string[]> {
  const offered = given === undefined ? [] : parseIdentities(given);
  const encrypted = locked.filter(({ recipients }) => recipients.length > 0);
  if (offered.length > 0 && encrypted.length === 0) throw new SafebaseError("bad_request", `identity: ${locked.map(({ what }) => what).join(" and ")} is not encrypted`);
  const opens = ({ recipients }: Locked): boolean => offered.some((identity) => recipients.includes(recipientOf(identity)));
  const wrong = offered.length > 0 && !encrypted.some(opens);
  const found = new Set<string>();
  for (const one of encrypted) {
    const kept = wrong || opens(one) ? [] : await keptFor(db, secrets, one);
    found.add(requireIdentity(one.what, one.recipients, [...offered, ...kept]));
  }
  return [...found];
}

/** The same, sealed for a job; null when nothing is encrypted. */
export async function sealIdentities(db: Db, secrets: Secrets, locked: readonly Locked[], given: string | undefined): Promise<string | null> {
  const identities = await identitiesFor(db, secrets, locked, given);
  return identities.length === 0 ? null : secrets.seal(identities.join("\n"), IDENTITY_CONTEXT);
}

async function keptFor(db: Db, secrets: Secrets, { by, recipients }: Locked): Promise<string[]> {
  const keys = "user_id" in by ? await keysOpening(db, by, recipients) : by;
  return keys.flatMap(({ identity_sealed }) => (identity_sealed === null ? [] : [secrets.open(identity_sealed, IDENTITY_CONTEXT)]));
}

/** A sealed identity that opens a backup, of those that are kept here; null when there is none, or it is not encrypted. */
export async function keptIdentity(db: Db, backup: Backup): Promise<string | null> {
  const keys = await keysOpening(db, backup, recipientsOf(backup.recipients));
  return keys.find(({ identity_sealed }) => identity_sealed !== null)?.identity_sealed ?? null;
}
