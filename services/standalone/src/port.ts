import { createServer } from "node:net";

/** Below the range from which the kernel takes the ports of outgoing connections: who restarts finds it free. */
const FROM = 20_000, TO = 32_000;

/** A port on which nobody listens now. Somebody may before you do: be ready to try another. */
export async function freePort(host: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FROM + Math.floor(Math.random() * (TO - FROM));
    if (await canListen(host, port)) return port;
  }
  throw new Error(`no free port between ${FROM} and ${TO}`);
}

function canListen(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer().once("error", () => resolve(false));
  server.listen(port, host, () => server.close(() => resolve(true)));
  return promise;
}
