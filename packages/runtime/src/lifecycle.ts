import { ConfigError, loadConfig, type Config } from "./config.ts";

/**
 * The whole of a program's main: reads the configuration, starts, and at SIGINT or SIGTERM disposes of what was
 * started, then exits 0. A second signal exits at once. A failed start prints one sentence and exits 1.
 */
export async function runMain(start: (config: Config, signal: AbortSignal) => Promise<AsyncDisposable>): Promise<void> {
  const stopping = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const onSignal = (): void => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
    stopped.resolve();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    const service = await start(loadConfig(), stopping.signal);
    await stopped.promise;
    await service[Symbol.asyncDispose]();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`safebase: ${error instanceof ConfigError || !(error instanceof Error) ? String(error) : (error.stack ?? error.message)}\n`);
    process.exit(1);
  }
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

/** Delay before try number `attempt` (from 1): doubles from `base_ms` to `max_ms`, with jitter so that peers spread. */
export function backoff_ms(attempt: number, base_ms = 100, max_ms = 10_000): number {
  return Math.min(max_ms, base_ms * 2 ** Math.min(attempt - 1, 20)) * (0.5 + Math.random() / 2);
}
