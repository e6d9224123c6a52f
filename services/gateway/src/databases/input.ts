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

/** The same without a database. */
export type ServerFields = Omit<ConnectionFields, "db_name">;
export type PlainServer = Omit<PlainConnection, "db_name">;

/** Every field of a connection, with defaults; what a connection string may hold is held to the same bounds. */
export function plainConnection(input: ConnectionInput): PlainConnection {
  const fields: ConnectionFields = "url" in input ? parseConnectionUrl(input.url) : input;
  const server = plainServer(fields);
  checkUsableDbName(fields.type, fields.db_name);
  return { ...server, db_name: fields.db_name };
}

export function plainServer(fields: ServerFields): PlainServer {
  for (const [name, text] of Object.entries({ host: fields.host, username: fields.username, password: fields.password ?? "" })) refuseUnusable(name, text);
  return {
    type: fields.type, host: fields.host, port: fields.port ?? DEFAULT_PORTS[fields.type], username: fields.username,
    password: fields.password ?? null, ssl_mode: fields.ssl_mode ?? "prefer", ssl_ca: fields.ssl_ca ?? null,
  };
}

function checkUsableDbName(type: EngineType, db_name: string): void {
  refuseUnusable("db_name", db_name);
  checkDbName("db_name", type, db_name);
}

/** Can a database of this name be registered? Servers have some that clients cannot be told, such as with line breaks. */
export function isUsableDbName(type: EngineType, db_name: string): boolean {
  try {
    checkUsableDbName(type, db_name);
    return true;
  } catch (error) {
    if (error instanceof SafebaseError) return false;
    throw error;
  }
}

/** What no server takes and what would break the files that clients read passwords from. */
function refuseUnusable(name: string, text: string): void {
  if (/[\0\r\n]/.test(text)) throw new SafebaseError("bad_request", `${name} may not hold line breaks or zero bytes`);
  if (!text.isWellFormed()) throw new SafebaseError("bad_request", `${name} must be valid unicode`);
  if (text.length > 1024) throw new SafebaseError("bad_request", `${name} must have at most 1024 characters`);
  if (name === "host" && /[\s/@?#]/.test(text)) throw new SafebaseError("bad_request", "host must be a name or an address, without spaces, /, @, ? or #");
}

export function sealConnection<Plain extends PlainServer>(secrets: Secrets, { password, ...rest }: Plain): Omit<Plain, "password"> & Pick<SealedConnection, "password_sealed"> {
  return { ...rest, password_sealed: password === null ? null : secrets.seal(password, CONNECTION_CONTEXT) };
}
