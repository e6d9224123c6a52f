import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { ask, connect } from "./api.ts";
import { en } from "./texts/en.ts";

let server: Server | undefined;
afterEach(() => { server?.close(); });

/** Lists databases at somebody's address. */
async function list(answer: RequestListener): Promise<unknown> {
  server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return ask(connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base`, "t0ken", en).api.databases.$get({ query: {} }));
}

it("asks below the address, with the token", async () => {
  const found = await list(({ url, headers }, response) => response.end(JSON.stringify({ url, authorization: headers.authorization })));
  expect(found).toEqual({ url: "/base/api/databases", authorization: "Bearer t0ken" });
});

it("an error is told as the API says it", async () => {
  const found = list((_request, response) => response.writeHead(409).end('{"error": "it is busy", "code": "conflict", "hint": "wait"}'));
  await expect(found).rejects.toMatchObject({ exit: 1, message: "it is busy", hint: "wait" });
});

it("the token is not taken to another address", async () => {
  const asked: string[] = [];
  const found = list(({ url = "" }, response) => { asked.push(url); response.writeHead(302, { location: "/elsewhere" }).end(); });
  await expect(found).rejects.toMatchObject({ exit: 3, message: expect.stringContaining("leads on to /elsewhere") });
  expect(asked).toEqual(["/base/api/databases"]);
});

it.each([[200, "<html>"], [502, "<html>"]])("a page instead of an answer, HTTP %i", async (status, page) => {
  const found = list((_request, response) => response.writeHead(status, { "content-type": "text/html" }).end(page));
  await expect(found).rejects.toMatchObject({ name: "Unreachable", exit: 3, message: expect.stringContaining(`(HTTP ${status})`) });
});

it("a connection that breaks off is nobody's answer", async () => {
  await expect(list((request) => request.socket.destroy())).rejects.toMatchObject({ name: "Unreachable", exit: 3 });
});
