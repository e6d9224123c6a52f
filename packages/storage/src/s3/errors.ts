import { SafebaseError } from "@safebase/contracts";
import { NETWORK } from "../network.ts";
import type { S3Config } from "./config.ts";

/** What a server or the way to it answered, without what only the SDK needs to know (it holds signatures). */
export class S3Fault extends Error {
  override readonly name = "S3Fault";
  readonly status: number | undefined;
  readonly code: string;

  constructor(code: string, status: number | undefined, message: string) {
    super(`${code}${status === undefined ? "" : ` (HTTP ${status})`}${message && message !== code ? `: ${message}` : ""}`);
    this.status = status;
    this.code = code;
  }
}

type Raw = {
  name?: string; message?: string; code?: string; Code?: string; Region?: string; Endpoint?: string; errors?: unknown[];
  $metadata?: { httpStatusCode?: number }; $response?: { statusCode?: number; headers?: Record<string, string>; };
};

/** The fault behind one of our errors, if a server's or the network's is. */
export function faultOf(error: unknown): S3Fault | undefined {
  const cause = error instanceof SafebaseError ? error.cause : error;
  return cause instanceof S3Fault ? cause : undefined;
}

/** An error of the SDK in our words: what happened, and what to do about it. */
export function s3Error(config: S3Config, sentence: string, error: unknown): SafebaseError {
  if (error instanceof SafebaseError) return error;
  const raw = error as Raw;
  const fault = toFault(config, raw);
  const { problem, hint, refused, full } = explain(config, raw, fault);
  return new SafebaseError(full ? "storage_full" : refused ? "storage_refused" : "storage_failed", `${sentence}: ${problem}`, { hint, cause: fault });
}

function toFault(config: S3Config, raw: Raw): S3Fault {
  const inner = raw.errors?.[0] as Raw | undefined; // a host with several addresses fails with an error for each
  const code = raw.Code ?? raw.code ?? inner?.code ?? raw.name ?? "Unknown";
  const status = raw.$response?.statusCode ?? raw.$metadata?.httpStatusCode;
  let message = raw.message || inner?.message || "";
  for (const secret of [config.secret_access_key, config.session_token]) if (secret) message = message.replaceAll(secret, "***");
  return new S3Fault(code, status, message.slice(0, 500));
}

type Explanation = { problem: string; hint?: string | undefined; refused?: boolean; full?: boolean };

function explain(config: S3Config, raw: Raw, fault: S3Fault): Explanation {
  const where = address(config);
  const known = ANSWERS[fault.code]?.(config, raw);
  if (known) return known;
  const unsafe = explainTls(where, fault);
  if (unsafe) return unsafe;
  const unreachable = NETWORK[fault.code] ?? NETWORK[raw.name ?? ""];
  if (unreachable) return { problem: `${where} ${unreachable}`, hint: `check \`endpoint\` (${SCHEMES}), and that this host may reach it` };
  if (fault.status === 507) return FULL;
  if (isForeign(raw, fault)) return notS3(config, raw);
  if (fault.status === 401 || fault.status === 403) return DENIED(config);
  if (fault.status === 301 || fault.status === 307) return wrongRegion(config, raw);
  if (fault.status !== undefined && fault.status >= 300 && fault.status < 400) return elsewhere(where);
  const refused = fault.status !== undefined && fault.status >= 400 && fault.status < 500 && ![404, 408, 409, 412, 425, 429].includes(fault.status);
  return { refused, problem: `${where} answered ${fault.message}` };
}

/** Where the storage is, for people: no secret is in it. */
function address(config: S3Config): string {
  return config.endpoint ?? `S3 in ${config.region}`;
}

const FULL: Explanation = { full: true, problem: "no space is left on the storage", hint: "free some space, delete old backups or raise the quota" };

const KEYS = (config: S3Config): Explanation => ({
  refused: true, problem: `${address(config)} does not accept the access key`, hint: "check `access_key_id` and `secret_access_key` (and `session_token`, which runs out)",
});
const DENIED = (config: S3Config): Explanation => ({
  refused: true, problem: `the access key may not do this in the bucket ${config.bucket}`,
  hint: "allow it s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket, s3:ListBucketMultipartUploads, s3:ListMultipartUploadParts and s3:AbortMultipartUpload",
});
const NO_BUCKET = (config: S3Config): Explanation => ({
  refused: true, problem: `${address(config)} has no bucket ${config.bucket}`, hint: "make the bucket, or correct `bucket` (or `endpoint` and `region`)",
});
const SLOW = (config: S3Config): Explanation => ({ problem: `${address(config)} asks to slow down` });
const ARRIVED_OTHERWISE = (config: S3Config): Explanation => ({ problem: `${address(config)} received other bytes than were sent` });

/** The server's time comes with its answer. */
function skewed(_config: S3Config, raw: Raw): Explanation {
  const off_min = Math.round((Date.now() - Date.parse(raw.$response?.headers?.["date"] ?? "")) / 60_000);
  const by = Number.isNaN(off_min) || off_min === 0 ? "" : `: ours is ${Math.abs(off_min)} minutes ${off_min > 0 ? "ahead" : "behind"}`;
  return { problem: `the clock of this machine and that of the storage differ by more than it allows${by}`, hint: "set this machine's clock (NTP)" };
}

/** What is wrong with the encryption of the way, if that is what failed. */
function explainTls(where: string, fault: S3Fault): Explanation | undefined {
  if (!TLS_CODES.test(fault.code)) return undefined;
  if (/wrong version number|packet length too long/i.test(fault.message)) {
    return { refused: true, problem: `${where} does not speak TLS`, hint: "correct the port in `endpoint`, or begin it with http:// where nobody else can listen" };
  }
  const [, problem] = CERTIFICATES.find(([code]) => code.test(fault.code)) ?? [undefined, fault.message];
  return { refused: true, problem: `the connection to ${where} is not safe: ${problem}`, hint: "give the authority that signed its certificate as `ca`, or correct the host name in `endpoint`" };
}

function wrongRegion(config: S3Config, raw: Raw): Explanation {
  const region = raw.Region ?? raw.$response?.headers?.["x-amz-bucket-region"] ?? /expecting '([a-z0-9-]+)'/.exec(raw.message ?? "")?.[1];
  return {
    refused: true, problem: `the bucket ${config.bucket} is not in the region ${config.region}${region ? ` but in ${region}` : ""}`,
    hint: region ? `set \`region\` to ${region}` : "correct `region`, or `endpoint`",
  };
}

/** A redirect is not followed: it could lead to where we must not connect. */
function elsewhere(where: string): Explanation {
  return { refused: true, problem: `${where} sends us to another address`, hint: "set `endpoint` to the address of the S3 API itself" };
}

/** What stands at the address does not speak S3. */
export function notS3(config: S3Config, raw: Raw = {}): Explanation {
  const { server, "content-type": type } = raw.$response?.headers ?? {};
  const seen = [server && `it calls itself ${server}`, type && `it sends ${type}`].filter(Boolean).join(", ");
  return {
    refused: true, problem: `${address(config)} answers, but is no S3 server${seen ? ` (${seen.slice(0, 100)})` : ""}`,
    hint: `set \`endpoint\` to the address of the S3 API, not of a web page or console (${SCHEMES})`,
  };
}

/** An answer that no S3 server gives: no HTTP, HTML, an error without a code, or something that cannot be read. */
function isForeign(raw: Raw, fault: S3Fault): boolean {
  if (fault.code.startsWith("HPE_")) return true;
  const type = raw.$response?.headers?.["content-type"] ?? "";
  if (/html/i.test(type)) return true;
  if (fault.status !== undefined && fault.status >= 500) return false;
  return /deserializ|parse|char '|xml/i.test(raw.message ?? "") && raw.$response !== undefined && !raw.Code;
}

const ANSWERS: Record<string, (config: S3Config, raw: Raw) => Explanation> = {
  InvalidAccessKeyId: KEYS, SignatureDoesNotMatch: KEYS, InvalidToken: KEYS, ExpiredToken: KEYS, TokenRefreshRequired: KEYS,
  AccessDenied: DENIED, AllAccessDisabled: DENIED, AccountProblem: DENIED,
  NoSuchBucket: NO_BUCKET,
  AuthorizationHeaderMalformed: wrongRegion, PermanentRedirect: wrongRegion, TemporaryRedirect: wrongRegion, IllegalLocationConstraintException: wrongRegion,
  RequestTimeTooSkewed: skewed, RequestExpired: skewed,
  SlowDown: SLOW, ServiceUnavailable: SLOW, Throttling: SLOW, TooManyRequests: SLOW, TooManyRequestsException: SLOW,
  BadDigest: ARRIVED_OTHERWISE, XAmzContentSHA256Mismatch: ARRIVED_OTHERWISE, IncompleteBody: ARRIVED_OTHERWISE, RequestTimeout: SLOW,
  QuotaExceeded: () => FULL, XMinioStorageFull: () => FULL, XMinioAdminBucketQuotaExceeded: () => FULL, InsufficientStorage: () => FULL,
};

const SCHEMES = "http:// or https://, and the port";
const CERTIFICATES: readonly (readonly [code: RegExp, problem: string])[] = [
  [/EXPIRED/, "its certificate has run out"], [/NOT_YET_VALID/, "its certificate is not valid yet, or this machine's clock is off"],
  [/ALTNAME|HOSTNAME/, "its certificate is for another host name"],
  [/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/, "no authority that this machine trusts signed its certificate"],
];
const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|UNABLE_TO_|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH)/;
