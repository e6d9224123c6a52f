import { pause } from "@safebase/runtime";
import type { Core } from "./deps.ts";

const EVERY_MS = 3600_000;

/** Acts at the start and every hour, until disposal. What fails is tried again an hour later; `failure` says what that was. */
export function everyHour(core: Pick<Core, "log">, failure: string, act: (signal: AbortSignal) => Promise<void>): AsyncDisposable {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await act(stopping.signal).catch((err: unknown) => core.log.warn({ err }, failure));
      await pause(EVERY_MS, stopping.signal);
    }
  };
  const running = loop();
  return { [Symbol.asyncDispose]: () => { stopping.abort(); return running; } };
}
