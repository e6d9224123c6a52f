import type { AddressInfo } from "node:net";
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { ConfigError, type Config } from "@safebase/runtime";
import type { App } from "./app.ts";

const FINISH_MS = 5_000;

export interface HttpServer extends AsyncDisposable { readonly url: string }

/**
 * Listens until disposal, which takes no new connection, calls `endStreams` for those that never end by themselves,
 * and lets requests finish for up to five seconds.
 */
export async function listen(app: App, config: Pick<Config, "host" | "port">, endStreams: () => void): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch: app.fetch, overrideGlobalObjects: false,
    serverOptions: { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 },
  }) as Server;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(config.port, config.host, resolve);
  await promise.catch((cause: unknown) => { throw cannotListen(config, cause); });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    [Symbol.asyncDispose]: () => close(server, endStreams),
  };
}

function cannotListen({ host, port }: Pick<Config, "host" | "port">, cause: unknown): Error {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE") return new ConfigError(`port ${port} on ${host} is in use by another program: end it, or set SAFEBASE_PORT to another one`, { cause });
  if (code === "EACCES") return new ConfigError(`port ${port} on ${host} is not allowed for this user: set SAFEBASE_PORT to one above 1023`, { cause });
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return new ConfigError(`${host} is no address of this machine: set SAFEBASE_HOST to one`, { cause });
  return cause as Error;
}

async function close(server: Server, endStreams: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  endStreams();
  // A connection that was kept alive becomes idle only when its last answer has gone out.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), FINISH_MS);
  await promise;
  clearInterval(idle);
  clearTimeout(force);
}
