import { SafebaseError } from "@safebase/contracts";
import { DeliveryError } from "./channel.ts";

const REASONS: Record<string, string> = {
  ENOTFOUND: "is not known: check the name",
  EAI_AGAIN: "could not be looked up just now",
  ECONNREFUSED: "refused the connection: nothing listens there",
  ECONNRESET: "closed the connection before it answered",
  EPIPE: "closed the connection before it answered",
  ETIMEDOUT: "did not answer in time",
  EHOSTUNREACH: "cannot be reached from here",
  ENETUNREACH: "cannot be reached from here",
  EPROTO: "does not speak TLS there: check http or https, and the port",
};
const CERTIFICATES: Record<string, string> = {
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "is signed by itself alone",
  SELF_SIGNED_CERT_IN_CHAIN: "is signed by an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "is signed by an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "is signed by an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "is signed by an authority that is not trusted",
};

/** Why nothing came back from `host`, in a sentence that holds nothing else of the address: its path may be a secret. */
export function connectionProblem(error: unknown, host: string, signal: AbortSignal): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof SafebaseError) return new DeliveryError(error.message, { code: error.code, hint: error.hint, permanent: true, cause: error });
  const code = codeOf(error);
  const certificate = CERTIFICATES[code];
  if (certificate !== undefined) {
    return new DeliveryError(`the certificate of ${host} ${certificate} (${code})`, {
      code: "tls_failed", hint: "trust its authority with NODE_EXTRA_CA_CERTS, or give the server a certificate that is trusted", cause: error,
    });
  }
  if (signal.aborted) return new DeliveryError("stopped before it was delivered", { cause: error });
  if (["TimeoutError", "ABORT_ERR", "EABORT"].includes(code)) return new DeliveryError(`${host} did not take the message in time`, { cause: error });
  const known = REASONS[code] ?? (code.startsWith("HPE_") ? "does not answer in HTTP" : undefined);
  return new DeliveryError(known === undefined ? `${host} could not be reached (${code})` : `${host} ${known} (${code})`, { cause: error });
}

/** The code of the error, or of the first of several tries, or of what caused it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return error.name;
  const { code } = error as NodeJS.ErrnoException;
  if (code?.startsWith("ERR_SSL_")) return "EPROTO";
  if (code !== undefined) return code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
