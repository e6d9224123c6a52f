import { SafebaseError } from "@safebase/contracts";
import { ConfigError, loadConfig, type Config } from "./config.ts";

/** Beside the time that what runs may be given to end. */
const STOP_LIMIT_S = 20;

/** Why a program's signal aborted: SIGTERM, as from a supervisor that replaces it. */
const TERMINATED = new DOMException("told to end by SIGTERM", "AbortError");

/** May what runs go on for a while? After SIGTERM; whoever presses Ctrl-C waits for it. */
export function mayDrain(signal: AbortSignal): boolean {
  return signal.reason === TERMINATED;
}

/**
 * The whole of a program's main: reads the configuration, starts, and at SIGINT or SIGTERM disposes of what was
 * started, then exits 0. A second signal, or a disposal that hangs, exits at once. A failed start prints one sentence
 * and exits 1.
 */
export async function runMain(start: (config: Config, signal: AbortSignal) => Promise<AsyncDisposable>): Promise<void> {
  const stopping = new AbortController();
  const stopped = Promise.withResolvers<void>();
  let limit_s = STOP_LIMIT_S;
  const onSignal = (name: NodeJS.Signals): void => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort(name === "SIGTERM" ? TERMINATED : undefined);
    stopped.resolve();
    setTimeout(() => fail(`not everything ended within ${limit_s} s`), limit_s * 1000);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    const config = loadConfig();
    limit_s += config.drain_s;
    const service = await start(config, stopping.signal);
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
