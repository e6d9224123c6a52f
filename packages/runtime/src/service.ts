import { Bus } from "./bus.ts";
import { ConfigError, type Config } from "./config.ts";
import { createLog } from "./log.ts";
import { createMetrics, serveOps, type ServiceContext } from "./ops.ts";

/** How one service starts inside a program: with its own connection, log and metrics. */
export type StartService = (config: Config, context: ServiceContext, signal: AbortSignal) => Promise<AsyncDisposable>;

export interface HostOptions {
  readonly name: string;
  readonly nats?: { url: string; token?: string };
  readonly metrics_port?: number | undefined;
}

/** Connects to NATS and starts a service on it; disposal ends the service first, then what it stands on. */
export async function hostService(start: StartService, config: Config, options: HostOptions, signal: AbortSignal): Promise<AsyncDisposable> {
  const nats = options.nats ?? (config.nats_url === undefined ? undefined : { url: config.nats_url });
  if (nats === undefined) throw new ConfigError(`SAFEBASE_NATS_URL is missing: the ${options.name} alone needs a NATS server with JetStream`);
  const log = createLog(options.name, config.log_level);
  await using stack = new AsyncDisposableStack();
  const bus = stack.use(await Bus.connect({ ...nats, name: options.name, lease_ttl_ms: config.lease_ttl_s * 1000, log }, signal));
  const context: ServiceContext = { bus, log, metrics: createMetrics(options.name) };
  if (options.metrics_port !== undefined) stack.use(await serveOps(options.metrics_port, config.host, context));
  stack.use(await start(config, context, signal));
  log.info("started");
  const owned = stack.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
