import { type Connection, type ErrorCode, SafebaseError } from "@safebase/contracts";

interface ServerError { code?: string; errno?: number; sqlMessage?: string; message?: string }

/** Error numbers whose quoted parts are names of the schema: of all others they may be data, and are cut. */
const SPEAKS_OF_NAMES = new Set([
  1005, 1007, 1008, 1016, 1017, 1032, 1044, 1045, 1049, 1050, 1051, 1071, 1101, 1109, 1114, 1115, 1118, 1142, 1143, 1146, 1153, 1180, 1193,
  1205, 1213, 1215, 1227, 1231, 1235, 1273, 1286, 1304, 1305, 1356, 1370, 1412, 1418, 1419, 1435, 1449, 1577, 1824, 1932, 2002, 2003,
  2005, 2006, 2013, 2020, 2026, 2059, 2061, 3780, 4031,
]);

const CODES: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  ...[1045, 1130, 1251, 1698, 1820, 1862, 2059, 2061, 3118, 3955, 4151].map((errno) => [errno, "auth_failed"] as const),
  ...[1044, 1142, 1143, 1227, 1370, 1410, 1418, 1419].map((errno) => [errno, "insufficient_privileges"] as const),
  ...[1040, 1129, 1203, 1226, 2002, 2003, 2005, 2006, 2013, 4031].map((errno) => [errno, "unreachable"] as const),
  ...[2026, 3159].map((errno) => [errno, "tls_failed"] as const),
  [1049, "database_missing"], [1205, "target_busy"], [1213, "target_busy"],
]);

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing answers there", ENOTFOUND: "the host name is unknown", EAI_AGAIN: "the host name cannot be resolved now",
  ETIMEDOUT: "no answer within 15 s", EHOSTUNREACH: "no route to the host", ENETUNREACH: "no route to its network",
  ECONNRESET: "the connection was cut", PROTOCOL_CONNECTION_LOST: "the connection was cut", EPIPE: "the connection was cut",
};

/** The code for a server's or client's error number, or `fallback`. */
export function codeOf(errno: number, fallback: ErrorCode): ErrorCode {
  return CODES.get(errno) ?? fallback;
}

/** A server's message without what may be row data. */
export function withoutData(errno: number, message: string): string {
  const line = message.trim();
  if (SPEAKS_OF_NAMES.has(errno)) return line.slice(0, 500);
  return line.replace(/(['"])[\s\S]*\1|['"][\s\S]*$/, "'…'").slice(0, 500);
}

/** What the user should read when a connection could not be made. */
export function explainConnect(error: unknown, connection: Connection, db_name: string | null): SafebaseError {
  const { code = "", errno = 0, sqlMessage, message = "" } = error as ServerError;
  const place = `${connection.host}:${connection.port}`;
  const say = (as: ErrorCode, sentence: string, hint?: string): SafebaseError => new SafebaseError(as, sentence, { cause: error, hint });
  if (code === "HANDSHAKE_NO_SSL_SUPPORT") return say("tls_failed", `${place} offers no TLS, which ssl_mode ${connection.ssl_mode} asks for`);
  if (code === "HANDSHAKE_SSL_ERROR" || /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return say("tls_failed", `TLS with ${place} failed: ${message}`, "Give the authority's certificate as ssl_ca, or choose another ssl_mode.");
  }
  if (code in REASONS) return say("unreachable", `${place} cannot be reached: ${REASONS[code]}`);
  const detail = withoutData(errno, sqlMessage ?? message);
  switch (codeOf(errno, "unreachable")) {
    case "auth_failed": return say("auth_failed", `${place} refused the user ${connection.username}: ${detail}`);
    case "database_missing": return say("database_missing", `there is no database ${db_name ?? ""} on ${place}`);
    case "insufficient_privileges": return say("insufficient_privileges", `the user ${connection.username} may not use the database ${db_name ?? ""} on ${place}, or there is none`);
    case "tls_failed": return say("tls_failed", `${place} takes no connections without TLS`, "Choose ssl_mode require or verify-full.");
    default: return say("unreachable", `${place} took no connection: ${detail}`);
  }
}

/** What the user should read when a statement of ours failed. */
export function explainQuery(error: unknown, connection: Connection): SafebaseError {
  const { code = "", errno = 0, sqlMessage, message = "" } = error as ServerError;
  const place = `${connection.host}:${connection.port}`;
  if (code in REASONS || /closed state|destroyed/.test(message)) {
    return new SafebaseError("unreachable", `${place} was lost: ${REASONS[code] ?? "the connection was cut"}`, { cause: error });
  }
  const as = codeOf(errno, "internal");
  const hint = as === "target_busy" ? "Other sessions hold locks on its tables: end them, then try again." : undefined;
  return new SafebaseError(as, `${place}: ${withoutData(errno, sqlMessage ?? message)} (${errno})`, { cause: error, hint });
}
