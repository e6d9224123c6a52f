import { S3Client } from "@aws-sdk/client-s3";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { getCACertificates } from "node:tls";
import type { Lookup } from "../reach.ts";
import type { S3Config } from "./config.ts";

const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that nobody uses is closed after it, also those of a storage that was forgotten. */
const IDLE_MS = 5_000;
const SOCKETS_MAX = 64;
const CHECKSUM_HEADER = "x-amz-checksum-sha256";
const SIGNED_HASH_HEADER = "x-amz-content-sha256";

/**
 * The SDK's client for a storage: one attempt for each request (who repeats what is decided above), nothing taken
 * from the environment's credentials. A silent server ends a request, except where `silence_allowed`: there the
 * reader of an answer decides, for only it knows who is slow.
 */
export function s3Client(config: S3Config, { lookup, silence_allowed = false }: { lookup?: Lookup | undefined; silence_allowed?: boolean } = {}): S3Client {
  const { endpoint, region, access_key_id, secret_access_key, session_token, ca } = config;
  const sockets = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS, ...(lookup === undefined ? {} : { lookup }) };
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: config.path_style ?? endpoint !== undefined,
    credentials: { accessKeyId: access_key_id, secretAccessKey: secret_access_key, ...(session_token === undefined ? {} : { sessionToken: session_token }) },
    maxAttempts: 1,
    expectContinueHeader: false, // many servers never answer it, and each part would wait for that
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: silence_allowed ? 0 : config.timeout_s * 1_000,
      httpAgent: new HttpAgent(sockets), httpsAgent: new HttpsAgent({ ...sockets, ...(ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] }) }),
    },
  });
  signKnownHash(client);
  return client;
}

/** The signature covers the SHA-256 of the body: the one that we send as checksum is taken, instead of hashing again. */
function signKnownHash(client: S3Client): void {
  client.middlewareStack.add((next) => async (args) => {
    const { headers } = args.request as { headers: Record<string, string> };
    const checksum = headers[CHECKSUM_HEADER];
    if (checksum !== undefined) headers[SIGNED_HASH_HEADER] = Buffer.from(checksum, "base64").toString("hex");
    return next(args);
  }, { step: "build", priority: "low", name: "signKnownHash" });
}
