import { createServer as createHttpServer, request as httpRequest } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";

/** What goes wrong with a request, named by when: `lost_answer` is cut when the server has done it and answered. */
export type HttpFault =
  | { at: "headers" | "body" | "lost_answer" | "in_answer" | "hang" | "hang_in_answer" | "flip" }
  | { at: "answer"; status: number; body?: string; headers?: Record<string, string> };

export type FaultRule = { when?: (request: IncomingMessage) => boolean; times?: number; fault: HttpFault };

export interface HttpFaultProxy extends AsyncDisposable {
  port: number;
  /** Requests that went through or failed, as "PUT /path?query". */
  seen: string[];
  inject(rule: FaultRule): void;
  clear(): void;
}

/** Stands between an HTTP client and a real server, and lets go wrong what a test asks for. */
export async function startHttpFaults(server_port: number): Promise<HttpFaultProxy> {
  let rules: FaultRule[] = [];
  const seen: string[] = [];
  const proxy = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const rule = rules.find(({ when }) => when === undefined || when(request));
    if (rule && (rule.times = (rule.times ?? Infinity) - 1) <= 0) rules = rules.filter((one) => one !== rule);
    void serve(server_port, request, response, rule?.fault);
  });
  return {
    port: await listen(proxy), seen,
    inject: (rule) => { rules.push({ ...rule }); },
    clear: () => { rules = []; seen.length = 0; },
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      await new Promise((done) => { proxy.close(done); });
    },
  };
}

async function serve(port: number, request: IncomingMessage, response: ServerResponse, fault: HttpFault | undefined): Promise<void> {
  const cut = (): void => { request.socket.destroy(); };
  request.on("error", () => {}); // a client that gives up is what some tests want
  if (fault?.at === "headers") return cut();
  if (fault?.at === "body") return void request.once("data", cut).once("end", cut);
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Uint8Array>).catch(() => []));
  if (fault?.at === "hang") return;
  if (fault?.at === "answer") {
    response.writeHead(fault.status, { "content-type": "application/xml", ...fault.headers });
    return void response.end(request.method === "HEAD" ? undefined : fault.body);
  }
  if (fault?.at === "flip" && body.length > 0) body[body.length >> 1] = (body[body.length >> 1] as number) ^ 1;
  const answer = await forward(port, request, body);
  if (fault?.at === "lost_answer") return cut();
  response.writeHead(answer.status, answer.headers);
  if (fault?.at !== "in_answer" && fault?.at !== "hang_in_answer") return void response.end(answer.body);
  response.flushHeaders();
  response.write(answer.body.subarray(0, answer.body.length >> 1), () => { if (fault.at === "in_answer") cut(); });
}

function forward(port: number, { method, url, headers }: IncomingMessage, body: Buffer): Promise<{ status: number; headers: string[]; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: "127.0.0.1", port, method, path: url, headers: { ...headers, connection: "close" } }, (answer) => {
      void Array.fromAsync(answer as AsyncIterable<Uint8Array>).then((chunks) => resolve({ status: answer.statusCode ?? 0, headers: answer.rawHeaders, body: Buffer.concat(chunks) }), reject);
    });
    sent.once("error", reject).end(body);
  });
}

export interface TcpFaultProxy extends AsyncDisposable {
  port: number;
  /** The next connections are cut, or fall silent, once so many bytes went that way; the rest is passed on. */
  inject(fault: { after_bytes: number; way: "to_server" | "to_client"; ends: "cut" | "hang"; times?: number }): void;
  clear(): void;
}

/** The same for any protocol over TCP, which it does not understand. */
export async function startTcpFaults(server_port: number): Promise<TcpFaultProxy> {
  let fault: Parameters<TcpFaultProxy["inject"]>[0] | undefined;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const mine = fault;
    if (mine && (mine.times = (mine.times ?? Infinity) - 1) <= 0) fault = undefined;
    const server = connect(server_port, "127.0.0.1");
    for (const socket of [client, server]) sockets.add(socket.on("error", () => {}).once("close", () => { sockets.delete(socket); client.destroy(); server.destroy(); }));
    pass(client, server, mine?.way === "to_server" ? mine : undefined);
    pass(server, client, mine?.way === "to_client" ? mine : undefined);
  });
  return {
    port: await listen(proxy), inject: (wanted) => { fault = { ...wanted }; }, clear: () => { fault = undefined; },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => { proxy.close(done); });
    },
  };
}

function pass(from: Socket, to: Socket, fault: { after_bytes: number; ends: "cut" | "hang" } | undefined): void {
  let left = fault?.after_bytes ?? Infinity;
  from.on("data", (chunk) => {
    left -= chunk.length;
    if (left >= 0) {
      if (!to.write(chunk)) { from.pause(); to.once("drain", () => from.resume()); }
    } else if (fault?.ends === "cut") from.destroy();
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)));
}
