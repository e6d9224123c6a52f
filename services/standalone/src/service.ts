import { startExecutor } from "@safebase/executor";
import { startGateway } from "@safebase/gateway";
import { startNotifier } from "@safebase/notifier";
import { createLog, createMetrics, hostService, type Config } from "@safebase/runtime";
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
  const nats = config.nats_url === undefined ? stack.use(await startEmbeddedNats(config.data_dir, log, signal)) : { url: config.nats_url };
  const shared = { nats, metrics: createMetrics("standalone") };
  stack.use(await hostService(startExecutor, config, { ...shared, name: "executor" }, signal));
  stack.use(await hostService(startNotifier, config, { ...shared, name: "notifier" }, signal));
  stack.use(await hostService(startScheduler, config, { ...shared, name: "scheduler" }, signal));
  const gateway = stack.use(await hostService(startGateway, config, { ...shared, name: "gateway", metrics_port: config.metrics_port }, signal));
  const owned = stack.move();
  return { url: gateway.service.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
