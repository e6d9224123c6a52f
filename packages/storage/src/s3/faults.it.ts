import { makeCertificates, s3Missing, startHttpFaults, startS3, tempDir } from "@safebase/testing";
import type { HttpFault, HttpFaultProxy, S3Server } from "@safebase/testing";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { Readable } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StorageUnderTest } from "../contract-suite.ts";
import { openStorage, withRetry } from "../index.ts";
import type { Storage } from "../index.ts";
import { configOf, openBucket } from "./testing.ts";

const QUICK = { attempts: 4, first_pause_ms: 1, longest_pause_ms: 5 };
const LARGE = randomBytes(11 * 1024 * 1024); // three parts of 5 MiB, the smallest that S3 takes
const PARTS = { part_size_mib: 5, timeout_s: 1 };

/** What an upload consists of. */
const REQUESTS = {
  "the look": ({ method }: { method?: string | undefined }) => method === "HEAD",
  "the begin": ({ method, url }: { method?: string | undefined; url?: string | undefined }) => method === "POST" && /[?&]uploads/.test(url ?? ""),
  "a part": ({ method, url }: { method?: string | undefined; url?: string | undefined }) => method === "PUT" && /partNumber=2/.test(url ?? ""),
  "the end": ({ method, url }: { method?: string | undefined; url?: string | undefined }) => method === "POST" && /uploadId=/.test(url ?? ""),
};
const SLOW_DOWN: HttpFault = { at: "answer", status: 503, body: xml("SlowDown", "Please reduce your request rate") };
const FAULTS: [string, HttpFault][] = [
  ["cut before the request", { at: "headers" }], ["cut in the request's body", { at: "body" }], ["cut before the answer", { at: "lost_answer" }],
  ["cut in the answer", { at: "in_answer" }], ["silent", { at: "hang" }],
  ["500", { at: "answer", status: 500, body: xml("InternalError", "We encountered an internal error") }], ["503 SlowDown", SLOW_DOWN],
];

const missing = s3Missing("moto");
if (missing !== undefined) {
  console.warn(`skipped: ${missing}`);
  it.skip(missing);
} else describe("faults between us and S3", faults);

function faults(): void {
  let server: S3Server, proxy: HttpFaultProxy, behind: StorageUnderTest & { bucket: string }, storage: Storage;
  beforeAll(async () => {
    server = await startS3("moto");
    proxy = await startHttpFaults(server.port);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    proxy.clear();
    behind = await openBucket(server);
    storage = await openStorage(configOf(server, behind.bucket, { ...PARTS, endpoint: `http://127.0.0.1:${proxy.port}` }));
  });
  const large = (): Readable => Readable.from(Array.from({ length: 176 }, (_, n) => LARGE.subarray(n * 65_536, (n + 1) * 65_536)));

  describe.each(Object.entries(REQUESTS))("an upload in parts survives %s", (_, when) => {
    it.each(FAULTS)("%s", async (_name, fault) => {
      proxy.inject({ when, times: 1, fault });
      expect(await storage.put("k", large())).toEqual({ size_bytes: LARGE.length });
      expect(sha(await bytes(await behind.storage.get("k")))).toBe(sha(LARGE));
      await behind.storage.sweepTemps(0); // an upload whose id never arrived is nobody's
      expect(await behind.names()).toEqual(["k"]);
    });
  });

  it.each(FAULTS)("one request survives: %s", async (_name, fault) => {
    proxy.inject({ when: ({ method }) => method === "PUT", times: 1, fault });
    expect(await storage.put("k", Readable.from([Buffer.from("small")]))).toEqual({ size_bytes: 5 });
    expect(await behind.names()).toEqual(["k"]);
  });

  it("gives up when it does not pass, and leaves neither an object nor an upload", async () => {
    proxy.inject({ when: REQUESTS["a part"], fault: SLOW_DOWN });
    await expect(storage.put("k", large())).rejects.toMatchObject({ code: "storage_failed", message: expect.stringMatching(/^cannot write k: .* asks to slow down$/) });
    expect(await behind.names()).toEqual([]);
  });

  it("does not take another's object for its own when its answer was lost", async () => {
    await behind.storage.put("k", Readable.from([Buffer.from("other")]));
    proxy.inject({ when: ({ method }) => method === "HEAD", times: 1, fault: { at: "answer", status: 404 } });
    await expect(storage.put("k", Readable.from([Buffer.from("small")]))).rejects.toMatchObject({ code: "exists" });
    expect(String(await bytes(await behind.storage.get("k")))).toBe("other");
  });

  describe("a read", () => {
    beforeEach(async () => { await behind.storage.put("k", large()); });

    it.each([["cut", "in_answer"], ["silent", "hang_in_answer"]] as const)("that is %s fails, and goes on with a retry", async (_, at) => {
      const when = ({ method }: { method?: string | undefined }): boolean => method === "GET";
      proxy.inject({ when, times: 1, fault: { at } });
      await expect(bytes(await storage.get("k"))).rejects.toMatchObject({ code: "storage_failed" });
      proxy.inject({ when, times: 2, fault: { at } });
      proxy.seen.length = 0;
      expect(sha(await bytes(await withRetry(storage, QUICK).get("k")))).toBe(sha(LARGE));
      expect(proxy.seen).toHaveLength(3);
    });

    it("that waits for its reader is not taken for silent", async () => {
      const stream = await storage.get("k");
      await new Promise((resolve) => { setTimeout(resolve, 1_500); }); // longer than the server may keep silent
      expect(sha(await bytes(stream))).toBe(sha(LARGE));
    });

    it.each([["fewer", "200000"], ["more", "50"]])("with %s bytes than announced fails", async (_, length) => {
      proxy.inject({ fault: { at: "answer", status: 200, body: "x".repeat(100), headers: { "content-length": length, etag: '"x"', connection: "close" } } });
      const read = async (): Promise<number> => (await bytes(await storage.get("k"))).length;
      if (length === "50") expect(await read()).toBe(50); // what HTTP cuts off is checked by the manifest's SHA-256
      else await expect(read()).rejects.toMatchObject({ code: "storage_failed" });
    });
  });

  describe("servers that know less", () => {
    it("without If-None-Match: a key is still written once", async () => {
      proxy.inject({ when: ({ headers }) => headers["if-none-match"] !== undefined, fault: { at: "answer", status: 501, body: xml("NotImplemented", "A header you provided implies functionality that is not implemented") } });
      await storage.put("k", Readable.from([Buffer.from("first")]));
      await storage.put("l", large());
      await expect(storage.put("k", Readable.from([Buffer.from("second")]))).rejects.toMatchObject({ code: "exists" });
      await expect(storage.put("l", large())).rejects.toMatchObject({ code: "exists" });
      expect(await behind.names()).toEqual(["k", "l"]);
    });

    it("without SHA-256 checksums: they get Content-MD5", async () => {
      const without: string[] = [];
      proxy.inject({
        when: ({ headers }) => Object.keys(headers).some((name) => name.startsWith("x-amz-checksum")),
        fault: { at: "answer", status: 400, body: xml("InvalidArgument", "Header 'x-amz-checksum-algorithm' with value 'SHA256' not implemented") },
      });
      proxy.inject({ when: ({ method, headers }) => { if (method === "PUT") without.push(String(headers["content-md5"])); return false; }, fault: { at: "hang" } });
      await storage.put("l", large());
      await storage.put("k", Readable.from([Buffer.from("first")]));
      expect(sha(await bytes(await behind.storage.get("l")))).toBe(sha(LARGE));
      expect(without.slice(-1)).toEqual([createHash("md5").update("first").digest("base64")]);
      expect(without).toHaveLength(4);
    });
  });

  it.each([
    ["a full storage", 507, xml("XMinioStorageFull", "Storage backend has reached its minimum free drive threshold"), "storage_full", /no space is left/],
    ["a quota", 403, xml("QuotaExceeded", "no"), "storage_full", /no space is left/],
    ["a wrong key", 403, xml("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist"), "storage_refused", /does not accept the access key/],
    ["a forbidden act", 403, xml("AccessDenied", "Access Denied"), "storage_refused", /may not do this in the bucket/],
    ["a wrong region", 400, xml("AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-3'", "<Region>eu-west-3</Region>"), "storage_refused", /not in the region us-east-1 but in eu-west-3/],
    ["a region that is another's", 301, xml("PermanentRedirect", "The bucket must be addressed using the specified endpoint"), "storage_refused", /not in the region us-east-1/],
    ["a wrong secret", 403, xml("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided"), "storage_refused", /does not accept the access key/],
    ["a token that ran out", 400, xml("ExpiredToken", "The provided token has expired"), "storage_refused", /does not accept the access key/],
    ["a bucket that does not exist", 404, xml("NoSuchBucket", "The specified bucket does not exist"), "storage_refused", /has no bucket test-/],
    ["a clock that is off", 403, xml("RequestTimeTooSkewed", "The difference between the request time and the current time is too large"), "storage_failed", /clock of this machine .* ours is 90 minutes behind/],
    ["a web page", 200, "<html><body>Welcome</body></html>", "storage_refused", /is no S3 server/],
    ["a web page that is missing", 404, "<html><body>Not found</body></html>", "storage_refused", /is no S3 server/],
    ["a page to log in", 302, "<html></html>", "storage_refused", /is no S3 server/],
  ] as const)("%s is told as what it is, and no secret with it", async (_, status, body, code, message) => {
    proxy.inject({ fault: { at: "answer", status, body, headers: { "content-type": body.startsWith("<html") ? "text/html" : "application/xml", date: new Date(Date.now() + 90 * 60_000).toUTCString() } } });
    const told = { code, message: expect.stringMatching(message), hint: expect.stringMatching(/\w/) };
    await expect(storage.stat("k")).rejects.toMatchObject(told);
    await expect(storage.put("k", Readable.from([Buffer.from("x")]))).rejects.toMatchObject(told);
    await expect(Array.fromAsync(storage.list(""))).rejects.toMatchObject(told);
    const error = await storage.get("k").then(() => undefined, (failure: unknown) => failure as Error);
    expect(error).toMatchObject(told);
    expect(JSON.stringify([error, error?.message, error?.cause, String(error?.cause)])).not.toContain(server.secret_access_key);
  });

  it.each([["http://127.0.0.1:1", /refuses connections/, "storage_failed"], ["http://no.such.host.invalid", /cannot be found/, "storage_failed"]])(
    "says that nobody is at %s", async (endpoint, message, code) => {
      const nobody = await openStorage(configOf(server, "backups", { endpoint }));
      await expect(nobody.stat("k")).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    });

  describe("at an address where something else is", () => {
    const refused = async (endpoint: string, message: RegExp, hint: RegExp, code = "storage_refused"): Promise<void> => {
      const wrong = await openStorage(configOf(server, "backups", { endpoint }));
      await expect(wrong.stat("k")).rejects.toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
    };

    it("says that the other end speaks no TLS", async () => {
      await refused(`https://127.0.0.1:${server.port}`, /: https:\/\/\S+ does not speak TLS$/, /http:\/\//);
    });

    it("says that it speaks TLS, and with a certificate that nobody vouches for", async () => {
      await using dir = await tempDir("certificates");
      const { cert_path, key_path } = makeCertificates(dir.path);
      await using other = await listening(createTlsServer({ cert: readFileSync(cert_path), key: readFileSync(key_path) }));
      await refused(`http://127.0.0.1:${other.port}`, /cut the connection/, /https:\/\//, "storage_failed");
      await refused(`https://127.0.0.1:${other.port}`, /is not safe: no authority that this machine trusts signed its certificate$/, /`ca`/);
    });

    it("says that it speaks another protocol", async () => {
      await using other = await listening(createServer((socket) => { socket.on("error", () => {}).write("SSH-2.0-OpenSSH_9.2\r\n"); }));
      await refused(`http://127.0.0.1:${other.port}`, /is no S3 server/, /`endpoint`/);
    });
  });
}

async function listening(server: Server): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((ready) => { server.listen(0, "127.0.0.1", ready); });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => { server.close(done); });
    },
  };
}
function xml(code: string, message: string, more = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>1</RequestId></Error>`;
}
async function bytes(stream: AsyncIterable<Uint8Array>): Promise<Buffer> { return Buffer.concat(await Array.fromAsync(stream)); }
function sha(data: Uint8Array): string { return createHash("sha256").update(data).digest("hex"); }
