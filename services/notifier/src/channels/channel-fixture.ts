import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Notice } from "@safebase/contracts";
import { makeCertificates, type Certificates } from "@safebase/testing";
import { failedBackup } from "../notice.fixture.ts";
import { DeliveryError, type Channel, type ChannelContext, type Digest } from "./channel.ts";

export const never = new AbortController().signal;

/** Of a user's channel, allowed to reach the servers of the test. */
export function contextOf(over: Partial<ChannelContext> = {}): ChannelContext {
  return { smtp_url: undefined, mail_from: "SafeBase <safebase@example.org>", allowed_targets: ["127.0.0.1", "localhost"], trusted: false, ...over };
}

export function digestOf(notices: readonly Notice[] = [failedBackup()], over: Partial<Digest> = {}): Digest {
  return { id: "digest-1", notices, test: false, language: "en", public_url: "https://safebase.example.org", ...over };
}

export function manyFailures(count: number, error = "the server refused the password"): Notice[] {
  return Array.from({ length: count }, (_, index) => failedBackup({
    id: `failed-${index}`, database: { id: index, name: `db-${index}`, type: "mysql" }, error: { code: "auth_failed", message: `${error} of user ${index}` },
  }));
}

/** The error with which a delivery fails; it holds none of `secrets`, in no place where a log would show it. */
export async function failureOf(channel: Channel, digest = digestOf(), secrets: readonly string[] = []): Promise<DeliveryError> {
  const error: unknown = await channel.deliver(digest, never).then((answer) => new Error(`delivered: ${answer}`), (each: unknown) => each);
  if (!(error instanceof DeliveryError)) throw new Error("no DeliveryError", { cause: error });
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const shown = `${each.stack}${JSON.stringify(each)}`;
    const leaked = secrets.find((secret) => shown.includes(secret));
    if (leaked !== undefined) throw new Error(`the error tells ${leaked}: ${shown}`);
  }
  return error;
}

/** Certificates for loopback, whose authority is trusted from now on by this process. */
export function trustedCertificates(): Certificates & Disposable {
  const dir = mkdtempSync(join(tmpdir(), "safebase-tls-"));
  const certificates = makeCertificates(dir);
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, readFileSync(certificates.ca_path, "utf8")]);
  return {
    ...certificates,
    [Symbol.dispose]() {
      setDefaultCACertificates(before);
      rmSync(dir, { recursive: true });
    },
  };
}

/** The same, with an authority that nobody knows. */
export function unknownCertificates(): Certificates & Disposable {
  const dir = mkdtempSync(join(tmpdir(), "safebase-tls-"));
  return { ...makeCertificates(dir), [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
}

/** Takes connections, and says `greeting` or not a word. */
export async function startMute(greeting = ""): Promise<{ port: number; calls: () => number } & AsyncDisposable> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    socket.write(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port, calls: () => sockets.length,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    }),
  };
}
