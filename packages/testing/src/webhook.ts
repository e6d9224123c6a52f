import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { until } from "./until.ts";

export interface WebhookRequest { method: string; path: string; headers: IncomingHttpHeaders; body: string }

export interface WebhookFixture extends AsyncDisposable {
  url: string;
  port: number;
  /** Every request so far, oldest first. */
  requests: WebhookRequest[];
  /** The status of the answers from now on; 204 at first. */
  status: number;
  /** The first request that fits, waiting for it. */
  waitForRequest(fits?: (request: WebhookRequest) => boolean, timeout_ms?: number): Promise<WebhookRequest>;
  stop(): Promise<void>;
}

/** An HTTP listener on loopback that keeps what it is sent. */
export async function startWebhook(): Promise<WebhookFixture> {
  const requests: WebhookRequest[] = [];
  const server = createServer((request, response) => {
    text(request).then((body) => {
      requests.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
      response.writeHead(fixture.status).end();
    }, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const fixture: WebhookFixture = {
    url: `http://127.0.0.1:${port}/hook`, port, requests, status: 204, stop,
    waitForRequest: (fits = () => true, timeout_ms = 15_000) =>
      until("a webhook request", () => requests.find(fits), { timeout_ms }),
    [Symbol.asyncDispose]: stop,
  };
  return fixture;
}
