import { asSafebaseError, SafebaseError } from "@safebase/contracts";
import type { Core } from "../jobs/deps.ts";
import { sealedFor } from "./sealed-for.ts";

export type AskDeps = Pick<Core, "bus" | "secrets">;

/** Asks one executor of a group, with secrets sealed for it. Throws `no_executor` when none answers. */
export function requestOf(deps: AskDeps, subject: (group: string) => string, group: string, request: unknown, timeout_ms: number): Promise<unknown> {
  return deps.bus.request(subject(group), sealedFor(deps.secrets, group, request), timeout_ms);
}

/** The same; whatever stands against it is `no_executor`. */
export async function askExecutor(deps: AskDeps, subject: (group: string) => string, group: string, request: unknown, timeout_ms: number): Promise<unknown> {
  try {
    return await requestOf(deps, subject, group, request, timeout_ms);
  } catch (error) {
    const known = asSafebaseError(error);
    if (known.code === "no_executor") throw known;
    throw new SafebaseError("no_executor", "the executors cannot be reached at the moment", { hint: "NATS does not answer; try again", cause: error });
  }
}
