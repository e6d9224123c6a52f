import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { SafebaseError } from "@safebase/contracts";
import { backoff_ms, pause, type Log } from "@safebase/runtime";
import { requireProgram } from "./guarded.ts";
import { NATS_HOST, NatsProcess, writeNatsConfig, type NatsSettings } from "./nats-process.ts";
import { freePort } from "./port.ts";

const START_TRIES = 3;
const STEADY_MS = 60_000;

export interface EmbeddedNats extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
}

/**
 * Runs nats-server as a child with its state in `<dataDir>/nats`, reachable from this machine with its token only.
 * When it ends unasked it is started again on the same port: services reconnect by themselves.
 */
export async function startEmbeddedNats(dataDir: string, log: Log, signal: AbortSignal): Promise<EmbeddedNats> {
  await requireProgram("nats-server", "--version", "nats-server");
  const settings = { dir: join(dataDir, "nats"), token: randomBytes(24).toString("hex") };
  const { port, process } = await startOnFreePort(settings, log, signal);
  const stopping = new AbortController();
  const supervised = supervise({ ...settings, port }, process, log, stopping.signal);
  log.info({ port, pid: process.pid }, "nats-server is ready");
  return {
    url: `nats://${NATS_HOST}:${port}`, token: settings.token,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await supervised;
    },
  };
}

async function startOnFreePort(settings: Omit<NatsSettings, "port">, log: Log, signal: AbortSignal): Promise<{ port: number; process: NatsProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(NATS_HOST);
    await writeNatsConfig({ ...settings, port });
    try {
      return { port, process: await NatsProcess.start({ ...settings, port }, log, signal) };
    } catch (cause) {
      if (signal.aborted) throw new SafebaseError("canceled", "stopped while nats-server started", { cause });
      if (attempt >= START_TRIES) throw new SafebaseError("internal", `nats-server does not start: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

/** Until told to stop: waits for the end of the process and starts another. */
async function supervise(settings: NatsSettings, first: NatsProcess, log: Log, stop: AbortSignal): Promise<void> {
  let process: NatsProcess | undefined = first;
  const stopped = new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
  for (let failures = 0; !stop.aborted;) {
    const since = Date.now();
    if (process !== undefined) {
      const lastWords = await Promise.race([process.ended, stopped]);
      if (stop.aborted) break;
      log.error({ lastWords }, "nats-server ended unasked, starting it again");
      failures = Date.now() - since > STEADY_MS ? 1 : failures + 1;
    }
    await pause(backoff_ms(failures, 100, 10_000), stop);
    process = await NatsProcess.start(settings, log, stop).catch((err: unknown) => {
      if (!stop.aborted) log.error({ err }, "nats-server does not start, trying again");
      failures++;
      return undefined;
    });
  }
  await process?.stop();
}
