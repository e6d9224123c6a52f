import { SafebaseError, SSL_MODES, type EngineType, type SslMode } from "@safebase/contracts";

/** What a connection string says, with the defaults of its type. */
export interface UrlFields {
  type: EngineType; host: string; port: number; username: string; password: string | null; db_name: string; ssl_mode: SslMode;
}

const SCHEMES: Record<string, EngineType> = { postgres: "postgresql", postgresql: "postgresql", mysql: "mysql", mariadb: "mariadb" };
export const DEFAULT_PORTS: Record<EngineType, number> = { postgresql: 5432, mysql: 3306, mariadb: 3306 };

/** What the tools of the three call it, in libpq's words; libpq's `allow` differs from `prefer` in preference only. */
const MODES: Record<string, SslMode> = {
  ...Object.fromEntries(SSL_MODES.map((mode) => [mode, mode])),
  allow: "prefer", disabled: "disable", preferred: "prefer", required: "require", verify_ca: "verify-ca", verify_identity: "verify-full",
};

/**
 * The fields of a connection string. Every part is percent-decoded. Not parsed as a WHATWG URL: that would take `..`
 * and `%2e%2e` out of a database's name. Errors name the part and never repeat the string, which holds a password.
 */
export function parseConnectionUrl(url: string): UrlFields {
  const fields = parse(url);
  if (fields.db_name === "") throw bad("the connection string names no database", "write it after the host: host/database");
  return fields;
}

/** The same for a whole server: `postgres://user:password@host:5432`. */
export function parseServerUrl(url: string): Omit<UrlFields, "db_name"> {
  const { db_name, ...fields } = parse(url);
  if (db_name !== "") throw bad("the connection string of a server must name no database", "end it after host and port, and say with include and exclude which databases are meant");
  return fields;
}

function parse(url: string): UrlFields {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1];
  if (scheme === undefined) throw bad("the connection string must look like postgres://user:password@host:5432/database");
  const type = Object.hasOwn(SCHEMES, scheme.toLowerCase()) ? SCHEMES[scheme.toLowerCase()] : undefined;
  if (type === undefined) throw bad(`unsupported database type: ${scheme}`, "use postgres://, postgresql://, mysql:// or mariadb://");
  if (url.includes("#")) throw bad("the connection string holds a # that is not encoded", "write it as %23");
  const [, authority = "", path = "", query = ""] = /^[^:]+:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url) ?? [];
  const at = authority.lastIndexOf("@");
  const [username, password] = userinfo(at < 0 ? "" : authority.slice(0, at));
  const { host, port } = address(authority.slice(at + 1), type);
  if (username === "") throw bad("the connection string names no user", "write it before the host: user:password@host");
  const db_name = decode(path, "database name");
  return { type, host, port, username, password, db_name, ssl_mode: sslMode(query) };
}

function userinfo(text: string): [username: string, password: string | null] {
  const colon = text.indexOf(":");
  if (colon < 0) return [decode(text, "user name"), null];
  return [decode(text.slice(0, colon), "user name"), decode(text.slice(colon + 1), "password")];
}

function address(text: string, type: EngineType): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]]*))(?::(.*))?$/i.exec(text) ?? [];
  const host = decode(bracketed ?? plain ?? "", "host");
  if (host.includes(",")) throw bad("the connection string names several hosts", "register one of them");
  if (host === "") throw bad("the connection string names no host", "an IPv6 address stands in brackets: [::1]");
  if (digits === undefined || digits === "") return { host, port: DEFAULT_PORTS[type] };
  const port = Number(digits);
  if (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65_535) throw bad("the port in the connection string must be a whole number from 1 to 65535");
  return { host, port };
}

/** The one mode that the parameters ask for; `ssl-mode`, `ssl_mode` and `sslMode` are one name. */
function sslMode(query: string): SslMode {
  const asked = new Set<SslMode>();
  for (const pair of query.split("&").filter((text) => text !== "")) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), "parameter");
    asked.add(modeOf(name, equals < 0 ? "" : decode(pair.slice(equals + 1), `parameter ${name}`)));
  }
  // `ssl=true&ssl-verify=true` says one thing twice: of those that insist on TLS the strictest holds.
  const [first, second] = [...asked].sort((a, b) => SSL_MODES.indexOf(b) - SSL_MODES.indexOf(a));
  const weakest = SSL_MODES.find((mode) => asked.has(mode));
  if (second !== undefined && (weakest === "disable" || weakest === "prefer")) throw bad(`the connection string asks for two TLS modes: ${weakest} and ${first}`);
  return first ?? "prefer";
}

function modeOf(name: string, value: string): SslMode {
  switch (name.toLowerCase().replace(/[-_]/g, "")) {
    case "sslmode": {
      const mode = Object.hasOwn(MODES, value.toLowerCase()) ? MODES[value.toLowerCase()] : undefined;
      if (mode === undefined) throw bad(`unknown value of ${name} in the connection string: ${value.slice(0, 40)}`, `known are ${SSL_MODES.join(", ")}`);
      return mode;
    }
    case "ssl": case "usessl": case "requiressl": return flag(name, value) ? "require" : "disable";
    case "sslverify": case "sslverifyservercert": return flag(name, value) ? "verify-full" : "require";
    case "sslrootcert": case "sslca": case "sslcert": case "sslkey": case "serversslcert":
      throw bad(`${name} in the connection string names a file, which the executor does not have`, "give fields instead of a connection string, and paste the authority's PEM into ssl_ca");
    default:
      throw bad(`unknown parameter in the connection string: ${name.slice(0, 40)}`, "known are sslmode, ssl-mode, ssl and ssl-verify-server-cert");
  }
}

function flag(name: string, value: string): boolean {
  if (["true", "1", "yes", "on", ""].includes(value.toLowerCase())) return true;
  if (["false", "0", "no", "off"].includes(value.toLowerCase())) return false;
  throw bad(`${name} in the connection string must be true or false`);
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw bad(`the ${part} in the connection string has a % that begins no valid escape`, "write a % as %25", cause);
  }
}

function bad(message: string, hint?: string, cause?: unknown): SafebaseError {
  return new SafebaseError("bad_request", message, { hint, cause });
}
