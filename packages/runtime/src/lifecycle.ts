import { SafebaseError } from "@safebase/contracts";
import { ConfigError, loadConfig, type Config } from "./config.ts";

const STOP_LIMIT_MS = 20_000;

/**
 * The whole of a program's main: reads the configuration, starts, and at SIGINT or SIGTERM disposes of what was
 * started, then exits 0. A second signal, or a disposal that hangs, exits at once. A failed start prints one sentence
 * and exits 1.
 */
export async function runMain(start: (config: Config, signal: AbortSignal) => Promise<AsyncDisposable>): Promise<void> {
  const stopping = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const onSignal = (): void => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
    stopped.resolve();
    setTimeout(() => fail(`not everything ended within ${STOP_LIMIT_MS / 1000} s`), STOP_LIMIT_MS);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    const service = await start(loadConfig(), stopping.signal);
    await stopped.promise;
    await service[Symbol.asyncDispose]();
  } catch (error) {
    if (!stopping.signal.aborted || !isCanceled(error)) fail(sentence(error));
  }
  process.exit(0);
}

function fail(message: string): never {
  process.stderr.write(`safebase: ${message}\n`);
  process.exit(1);
}

/** A start that was stopped by a signal ends with this. */
function isCanceled(error: unknown): boolean {
  return error instanceof SafebaseError && error.code === "canceled";
}

/** What is written for a user in one line; anything else with its stack, for whoever has to mend it. */
function sentence(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof SafebaseError) return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Waits, or ends at once and quietly when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.resolve();
  const done = (): void => { clearTimeout(timer); signal.removeEventListener("abort", done); resolve(); };
  const timer = setTimeout(done, ms);
  signal.addEventListener("abort", done, { once: true });
  return promise;
}

/** Delay before try number `attempt` (from 1): doubles from `base_ms` to `max_ms`, with jitter so that peers spread. Whole. */
export function backoff_ms(attempt: number, base_ms = 100, max_ms = 10_000): number {
  return Math.round(Math.min(max_ms, base_ms * 2 ** Math.min(attempt - 1, 20)) * (0.5 + Math.random() / 2));
}
