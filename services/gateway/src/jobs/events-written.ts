import { pause, unsettled } from "@safebase/runtime";
import type { Core } from "./deps.ts";

/** The durable consumer of a stream of events. */
interface Reader { readonly stream: string; readonly durable: string }

const PATIENCE_MS = 30_000;

/** Waits until what others have said so far is in the catalog: what this consumer of events has not taken yet. False when it takes too long. */
export async function eventsWritten(core: Core, { stream, durable }: Reader, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!signal.aborted) {
    if (await unsettled(core.bus, stream, durable) === 0) return true;
    if (performance.now() > deadline) {
      core.log.warn({ durable }, "events are still being written: the reconciliation waits for its next turn");
      return false;
    }
    await pause(50, signal);
  }
  return false;
}
