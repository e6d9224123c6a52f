import { SafebaseError } from "@safebase/contracts";

/** The same sentence for what is not there and for what belongs to somebody else. */
export function missing(what: string, id: number): SafebaseError {
  return new SafebaseError("not_found", `${what} ${id} not found`);
}
