import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Certificates } from "./certificates.ts";
import { until } from "./until.ts";

export interface WebhookRequest { method: string; path: string; headers: IncomingHttpHeaders; body: string }

export interface WebhookFixture extends AsyncDisposable {
  url: string;
  port: number;
  /** Every request so far, oldest first. */
  requests: WebhookRequest[];
  /** The statuses of the next answers, one each; then `status`. */
  statuses: number[];
  /** The status of the answers from now on; 204 at first. */
  status: number;
  /** What the answers hold; nothing at first. */
  body: string;
  headers: Record<string, string>;
  /** `hang`: never answers. `hang_in_body`: its answer never ends. `reset`: cuts the connection instead of answering. */
  manner: "answer" | "hang" | "hang_in_body" | "reset";
  /** The first request that fits, waiting for it. */
  waitForRequest(fits?: (request: WebhookRequest) => boolean, timeout_ms?: number): Promise<WebhookRequest>;
  stop(): Promise<void>;
}

/** An HTTP listener on loopback that keeps what it is sent; on a port of its own unless one is given, with TLS when given certificates. */
export async function startWebhook(options: { port?: number; tls?: Certificates } = {}): Promise<WebhookFixture> {
  const requests: WebhookRequest[] = [];
  const listener: RequestListener = (request, response) => {
    text(request).then((body) => {
      requests.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
      answer(fixture, response);
    }, () => response.destroy());
  };
  const { port: wanted = 0, tls } = options;
  const server = tls === undefined ? createServer(listener)
    : createTlsServer({ cert: readFileSync(tls.cert_path), key: readFileSync(tls.key_path) }, listener);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(wanted, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const fixture: WebhookFixture = {
    url: tls === undefined ? `http://127.0.0.1:${port}/hook` : `https://localhost:${port}/hook`,
    port, requests, statuses: [], status: 204, body: "", headers: {}, manner: "answer", stop,
    waitForRequest: (fits = () => true, timeout_ms = 15_000) =>
      until("a webhook request", () => requests.find(fits), { timeout_ms }),
    [Symbol.asyncDispose]: stop,
  };
  return fixture;
}

function answer(fixture: WebhookFixture, response: ServerResponse): void {
  const { manner, body, headers } = fixture;
  if (manner === "hang") return;
  if (manner === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(fixture.statuses.shift() ?? fixture.status, headers);
  if (manner === "hang_in_body") response.write(body);
  else response.end(body);
}
