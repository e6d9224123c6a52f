import { startExecutor } from "@safebase/executor";
import { startGateway } from "@safebase/gateway";
import { startNotifier } from "@safebase/notifier";
import { createLog, createMetrics, createServiceMetrics, hostService, type Config, type HostOptions, type StartService } from "@safebase/runtime";
import { startScheduler } from "@safebase/scheduler";
import { lockDataDir } from "./lock.ts";
import { startEmbeddedNats } from "./nats.ts";

/**
 * The whole system in this process, with a nats-server of its own unless the configuration names one. It ends the
 * other way round than it starts: first nobody asks any more, last the work is handed back, then nats-server ends.
 */
export async function startStandalone(config: Config, signal: AbortSignal): Promise<{ url: string } & AsyncDisposable> {
  const log = createLog("standalone", config.log_level);
  await using stack = new AsyncDisposableStack();
  stack.use(await lockDataDir(config.data_dir));
  const nats = config.nats_url === undefined ? stack.use(await startEmbeddedNats(config.data_dir, log, signal)) : undefined;
  const embedded = nats === undefined ? {} : { nats };
  const pages = [createMetrics("standalone")];
  const run = async (start: StartService, name: string): Promise<void> => {
    const metrics = createServiceMetrics(name);
    pages.push(metrics);
    stack.use(await hostService(start, config, { ...embedded, name, metrics, with_gateway: true }, signal));
  };
  await run(startExecutor, "executor");
  await run(startNotifier, "notifier");
  await run(startScheduler, "scheduler");
  const whole: HostOptions = { ...embedded, name: "gateway", with_gateway: true, metrics: createServiceMetrics("gateway", pages), metrics_port: config.metrics_port };
  const gateway = stack.use(await hostService(startGateway, config, whole, signal));
  const owned = stack.move();
  return { url: gateway.service.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
