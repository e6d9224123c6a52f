import { SafebaseError } from "@safebase/contracts";
import type { Database } from "../catalog/schema.ts";

/** Where a password would be sent, and how well guarded: another of these needs the password anew. */
export const PASSWORD_BOUND = ["type", "host", "port", "username", "ssl_mode", "ssl_ca"] as const;

type Place = Pick<Database, (typeof PASSWORD_BOUND)[number]>;

/** Which of them differ. */
export function movedFields(before: Place, after: Place): string[] {
  return PASSWORD_BOUND.filter((field) => before[field] !== after[field]);
}

/** Does the change lead to another machine or port? */
export function movesPlace(before: Place, change: Partial<Place>): boolean {
  return (["host", "port"] as const).some((field) => change[field] !== undefined && change[field] !== before[field]);
}

/** Throws where a stored password would go elsewhere than its owner sent it. */
export function requirePasswordAgain(before: Place & Pick<Database, "password_sealed">, after: Place, passwordGiven: boolean): void {
  const moved = movedFields(before, after);
  if (moved.length === 0 || before.password_sealed === null || passwordGiven) return;
  throw new SafebaseError("bad_request", `password is missing: it must be given again when ${moved.join(", ")} changes`, {
    hint: "send the password in the same request, or null for none",
  });
}
