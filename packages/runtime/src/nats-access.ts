import { inboxPrefixOf } from "@safebase/contracts";
import { AuthorizationError, credsAuthenticator, PermissionViolationError, type ConnectionOptions } from "@nats-io/transport-node";
import { ConfigError, type Config } from "./config.ts";
import { parseNatsUrl } from "./nats-url.ts";

/** Where NATS is, and how one logs in to it: with a token, a user and a password, or the text of a creds file. */
export interface NatsAccess {
  readonly url: string;
  readonly token?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly creds?: string | undefined;
  /** In PEM: who signs the server's certificate, and what is shown to a server that asks for one. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** As the configuration says; undefined when it names no NATS. */
export function natsAccessOf(config: Config): NatsAccess | undefined {
  if (config.nats_url === undefined) return undefined;
  return {
    url: config.nats_url, user: config.nats_user, password: config.nats_password, creds: config.nats_creds,
    ca: config.nats_ca, cert: config.nats_cert, key: config.nats_key,
  };
}

/** What the client needs. With `tls://` or a CA there is no connection without TLS, and none to whom the CA does not know. */
export function connectionOptions(access: NatsAccess, user: string): ConnectionOptions {
  const { tls, ...address } = parseNatsUrl(access.url);
  const { token, user: name, password, creds, ca, cert, key } = access;
  const secured = tls !== undefined || ca !== undefined || cert !== undefined;
  return {
    ...address, inboxPrefix: inboxPrefixOf(user),
    ...(token === undefined ? {} : { token }),
    ...(name === undefined ? {} : { user: name, ...(password === undefined ? {} : { pass: password }) }),
    ...(creds === undefined ? {} : { authenticator: credsAuthenticator(credsText(creds)) }),
    ...(secured ? { tls: { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) } } : {}),
  };
}

/** The client reads only what ends with a line end, which a setting does not. */
function credsText(creds: string): Uint8Array {
  if (!/-----BEGIN USER NKEY SEED-----\s+SU[A-Z2-7]{56}\s/.test(creds)) throw new ConfigError("SAFEBASE_NATS_CREDS: must be the text of a .creds file, with the user's seed");
  return new TextEncoder().encode(`${creds.trim()}\n`);
}

const UNKNOWN_SIGNER = new Set(["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_GET_ISSUER_CERT", "CERT_SIGNATURE_FAILURE"]);

/** Why there is no connection, in a sentence for whoever set it up. */
export function whyNoConnection(error: unknown): string {
  const { code, message } = rootOf(error);
  if (UNKNOWN_SIGNER.has(code)) return "NATS shows a certificate that the CA in SAFEBASE_NATS_CA has not signed: the wrong CA, or not our NATS";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `the certificate of NATS is not for the name in SAFEBASE_NATS_URL: ${message}`;
  if (code === "CERT_HAS_EXPIRED") return "the certificate of NATS has expired";
  if (error instanceof AuthorizationError) return "NATS refuses to let us in: it does not know SAFEBASE_NATS_CREDS (or the user, or the token), or they have expired or were revoked";
  if (message.includes("does not support 'tls'")) return "NATS offers no TLS, but SAFEBASE_NATS_URL or SAFEBASE_NATS_CA asks for it";
  return "NATS does not answer yet";
}

/** What NATS said no to, in a sentence; undefined for anything else. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof PermissionViolationError)) return undefined;
  return `NATS does not let us ${error.operation === "publish" ? "publish to" : "subscribe to"} ${error.subject}: the credentials are another service's, another group's, or older than this version`;
}

function rootOf(error: unknown): { code: string; message: string } {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  const code = (root as { code?: unknown } | undefined)?.code;
  return { code: typeof code === "string" ? code : "", message: root instanceof Error ? root.message : String(root) };
}
