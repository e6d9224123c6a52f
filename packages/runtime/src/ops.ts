import { createServer, type Server } from "node:http";
import { Registry, collectDefaultMetrics } from "prom-client";
import type { Bus } from "./bus.ts";
import type { Log } from "./log.ts";

/** A registry of one service, with Node's own metrics in it. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Everything a service is handed besides its configuration. */
export interface ServiceContext {
  readonly bus: Bus;
  readonly log: Log;
  readonly metrics: Registry;
}

/** Serves /metrics, /healthz (the process lives) and /readyz (NATS answers) on loopback until disposal. */
export async function serveOps(port: number, host: string, context: ServiceContext): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    void answer(request.url ?? "/", context).then(([status, type, body]) => {
      response.writeHead(status, { "content-type": type }).end(body);
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(port, host, resolve);
  await promise;
  return { [Symbol.asyncDispose]: () => close(server) };
}

async function answer(path: string, { bus, metrics }: ServiceContext): Promise<[number, string, string]> {
  if (path === "/metrics") return [200, metrics.contentType, await metrics.metrics()];
  if (path === "/healthz") return [200, "text/plain", "ok\n"];
  if (path === "/readyz") return bus.connected ? [200, "text/plain", "ok\n"] : [503, "text/plain", "NATS is not connected\n"];
  return [404, "text/plain", "not found\n"];
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
