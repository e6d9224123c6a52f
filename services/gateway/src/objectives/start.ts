import { pause } from "@safebase/runtime";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { checkObjectives } from "./check.ts";

/** Judges all objectives at the start and every `reconcile_s`, whether or not a scheduler ticks or NATS is there; until disposal. */
export function keepObjectivesChecked(core: Core, dispatcher: Dispatcher): AsyncDisposable {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await checkObjectives(core, dispatcher).catch((err: unknown) => core.log.warn({ err }, "the objectives could not be checked, it is tried again"));
      await pause(core.config.reconcile_s * 1000, stopping.signal);
    }
  };
  const running = loop();
  return { [Symbol.asyncDispose]: () => { stopping.abort(); return running; } };
}
