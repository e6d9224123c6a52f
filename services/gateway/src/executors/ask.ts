import { asSafebaseError, SafebaseError } from "@safebase/contracts";
import type { Core } from "../jobs/deps.ts";

/** Asks one executor of a group. Throws `no_executor` when none answers. */
export async function askExecutor(deps: Pick<Core, "bus">, subject: string, request: unknown, timeout_ms: number): Promise<unknown> {
  try {
    return await deps.bus.request(subject, request, timeout_ms);
  } catch (error) {
    const known = asSafebaseError(error);
    if (known.code === "no_executor") throw known;
    throw new SafebaseError("no_executor", "the executors cannot be reached at the moment", { hint: "NATS does not answer; try again", cause: error });
  }
}
