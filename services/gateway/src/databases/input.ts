import { SafebaseError, type EngineType, type SealedConnection, type SslMode } from "@safebase/contracts";
import { CONNECTION_CONTEXT, type Secrets } from "@safebase/runtime";
import { DEFAULT_PORTS, parseConnectionUrl } from "./connection-url.ts";
import { checkDbName } from "./db-name.ts";

/** A connection by its fields. */
export interface ConnectionFields {
  readonly type: EngineType; readonly host: string; readonly port?: number | undefined; readonly username: string;
  readonly password?: string | null | undefined; readonly db_name: string;
  readonly ssl_mode?: SslMode | undefined; readonly ssl_ca?: string | null | undefined;
}

/** A connection by its fields or by a connection string. */
export type ConnectionInput = ConnectionFields | { readonly url: string };

export type PlainConnection = Omit<SealedConnection, "password_sealed"> & { password: string | null };

/** Every field of a connection, with defaults; what a connection string may hold is held to the same bounds. */
export function plainConnection(input: ConnectionInput): PlainConnection {
  const fields: ConnectionFields = "url" in input ? parseConnectionUrl(input.url) : input;
  for (const [name, text] of Object.entries({ host: fields.host, username: fields.username, db_name: fields.db_name, password: fields.password ?? "" })) {
    refuseUnusable(name, text);
  }
  checkDbName("db_name", fields.type, fields.db_name);
  return {
    type: fields.type, host: fields.host, port: fields.port ?? DEFAULT_PORTS[fields.type], username: fields.username,
    password: fields.password ?? null, db_name: fields.db_name, ssl_mode: fields.ssl_mode ?? "prefer", ssl_ca: fields.ssl_ca ?? null,
  };
}

/** What no server takes and what would break the files that clients read passwords from. */
function refuseUnusable(name: string, text: string): void {
  if (/[\0\r\n]/.test(text)) throw new SafebaseError("bad_request", `${name} may not hold line breaks or zero bytes`);
  if (!text.isWellFormed()) throw new SafebaseError("bad_request", `${name} must be valid unicode`);
  if (text.length > 1024) throw new SafebaseError("bad_request", `${name} must have at most 1024 characters`);
  if (name === "host" && /[\s/@?#]/.test(text)) throw new SafebaseError("bad_request", "host must be a name or an address, without spaces, /, @, ? or #");
}

export function sealConnection(secrets: Secrets, { password, ...rest }: PlainConnection): SealedConnection {
  return { ...rest, password_sealed: password === null ? null : secrets.seal(password, CONNECTION_CONTEXT) };
}
