import { createServer, type IncomingMessage, type Server } from "node:http";
import { asSafebaseError } from "@safebase/contracts";
import type { Registry } from "prom-client";
import type { Bus } from "./bus.ts";
import { ConfigError, type Config } from "./config.ts";
import type { Log } from "./log.ts";
import { requireMetricsAccess } from "./metrics-access.ts";

/** Everything a service is handed besides its configuration. */
export interface ServiceContext {
  readonly bus: Bus;
  readonly log: Log;
  readonly metrics: Registry;
}

type Reply = readonly [status: number, type: string, body: string];

/** Serves /metrics, /healthz (the process lives) and /readyz (NATS answers) on a port of their own until disposal. */
export async function serveOps(port: number, config: Config, context: ServiceContext): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    void answer(request, config, context).then(([status, type, body]) => {
      response.writeHead(status, { "content-type": type }).end(body);
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(port, config.host, resolve);
  await promise.catch((cause: unknown) => {
    throw new ConfigError(`SAFEBASE_METRICS_PORT: port ${port} on ${config.host} cannot be listened on: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  });
  return { [Symbol.asyncDispose]: () => close(server) };
}

async function answer(request: IncomingMessage, config: Config, { bus, log, metrics }: ServiceContext): Promise<Reply> {
  switch (request.url?.split("?")[0]) {
    case "/metrics": return metricsPage(request, config, metrics).catch((error: unknown) => refuse(error, log));
    case "/healthz": return [200, "text/plain", "ok\n"];
    case "/readyz": return bus.connected ? [200, "text/plain", "ok\n"] : [503, "text/plain", "NATS is not connected\n"];
    default: return [404, "text/plain", "not found\n"];
  }
}

async function metricsPage(request: IncomingMessage, config: Config, metrics: Registry): Promise<Reply> {
  requireMetricsAccess(config, "metrics", request.headers.authorization);
  return [200, metrics.contentType, await metrics.metrics()];
}

function refuse(error: unknown, log: Log): Reply {
  const { code, message } = asSafebaseError(error);
  if (code === "unauthorized") return [401, "text/plain", `${message}\n`];
  log.error({ err: error }, "the metrics could not be shown");
  return [500, "text/plain", "the metrics could not be shown, see the log\n"];
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
