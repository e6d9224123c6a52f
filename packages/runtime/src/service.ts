import { natsUserOf } from "@safebase/contracts";
import type { Registry } from "prom-client";
import { Bus } from "./bus.ts";
import { ConfigError, type Config } from "./config.ts";
import { natsAccessOf, type NatsAccess } from "./nats-access.ts";
import { claimsOf } from "./nats-creds.ts";
import { createLog, type Log } from "./log.ts";
import { createMetrics, observeService } from "./metrics.ts";
import { serveOps, type ServiceContext } from "./ops.ts";

/** How one service starts inside a program: with its own connection, log and metrics. */
export type StartService<T extends AsyncDisposable = AsyncDisposable> = (config: Config, context: ServiceContext, signal: AbortSignal) => Promise<T>;

/** A service that runs, on what it stands on. */
export interface Hosted<T extends AsyncDisposable> extends AsyncDisposable {
  readonly service: T;
}

export interface HostOptions {
  readonly name: string;
  /** Instead of the one that the configuration names. */
  readonly nats?: NatsAccess;
  /** A gateway runs in this process, so that streams and buckets need not be waited for. */
  readonly with_gateway?: boolean;
  readonly metrics_port?: number | undefined;
  /** Of a service that shares its process with others; without one it gets one with Node's own metrics. */
  readonly metrics?: Registry;
}

const WARN_BEFORE_MS = 30 * 24 * 3600 * 1000;

/** Connects to NATS and starts a service on it; disposal ends the service first, then what it stands on. */
export async function hostService<T extends AsyncDisposable>(
  start: StartService<T>, config: Config, options: HostOptions, signal: AbortSignal,
): Promise<Hosted<T>> {
  const nats = options.nats ?? natsAccessOf(config);
  if (nats === undefined) throw new ConfigError(`SAFEBASE_NATS_URL is missing: the ${options.name} alone needs a NATS server with JetStream`);
  const log = createLog(options.name, config.log_level);
  await using stack = new AsyncDisposableStack();
  const bus = stack.use(await Bus.connect({
    ...nats, name: options.name, nats_user: userOf(nats, options.name, config, log),
    awaits_gateway: options.with_gateway !== true, updates: options.with_gateway === true, replicas: config.nats_replicas,
    lease_ttl_ms: config.lease_ttl_s * 1000, silence_ms: config.silence_s * 1000, log,
  }, signal));
  const context: ServiceContext = { bus, log, metrics: options.metrics ?? createMetrics(options.name) };
  observeService(context.metrics, bus);
  if (options.metrics_port !== undefined) stack.use(await serveOps(options.metrics_port, config, context));
  const service = stack.use(await start(config, context, signal));
  log.info("started");
  const owned = stack.move();
  return { service, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** As the credentials say; without any, as those for this service would. */
function userOf({ creds }: NatsAccess, name: string, { executor_group }: Config, log: Log): string {
  if (creds !== undefined) {
    const { user, expires_at } = claimsOf(creds);
    if (expires_at !== undefined && expires_at.getTime() < Date.now() + WARN_BEFORE_MS) log.warn({ expires_at: expires_at.toISOString() }, "the credentials for NATS end soon, and with them the work: join again");
    return user;
  }
  return name === "executor" ? natsUserOf({ service: "executor", group: executor_group }) : name;
}
