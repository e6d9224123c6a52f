import { checkServerIdentity, getCACertificates } from "node:tls";
import { type Connection, type ErrorCode, SafebaseError } from "@safebase/contracts";
import pg from "pg";
import type { EngineContext } from "../engine.ts";
import { explainDriverError } from "./errors.ts";

const CONNECT_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** A role or a database may set these to end long or idle work: ours is long and at times idle. */
const UNLIMITED = ["lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout", "transaction_timeout"];

export interface ServerVersion { readonly name: string; readonly version: string; readonly major: number; readonly num: number }

/** A connection of our own to one database of a server, without time limits. Errors are SafebaseErrors. */
export interface Session extends AsyncDisposable {
  readonly server: ServerVersion;
  readonly tls: boolean;
  query<T extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<T[]>;
}

export interface SessionOptions {
  /** Another database than the registered one. */
  readonly db_name?: string;
  /** The code of errors that say nothing more precise. */
  readonly failed: ErrorCode;
}

/** Connects as the registered user. `prefer` falls back to a plain connection the way libpq does. */
export async function openSession(connection: Connection, context: Pick<EngineContext, "tag" | "signal">, options: SessionOptions): Promise<Session> {
  const target = { ...connection, db_name: options.db_name ?? connection.db_name };
  throwIfAborted(context.signal, target);
  if (target.ssl_mode !== "prefer") return await open(target, context, options.failed, target.ssl_mode !== "disable");
  const known = plain_until_ms.get(serverOf(target)) ?? 0;
  const tls_first = performance.now() >= known;
  try {
    return await open(target, context, options.failed, tls_first);
  } catch (error) {
    if (!refuses(error)) throw error;
    const session = await open(target, context, options.failed, !tls_first);
    if (isAboutTls(error)) rememberPlain(target);
    return session;
  }
}

/**
 * Servers without TLS, and how long that is remembered: a restore opens half a dozen sessions, and each time the server
 * would have to say once more that it has none. Whoever prefers TLS takes what he gets anyway.
 */
const plain_until_ms = new Map<string, number>();
const REMEMBERED_MS = 60_000;
const REMEMBERED_SERVERS = 1_000;

function rememberPlain(target: Connection): void {
  if (plain_until_ms.size >= REMEMBERED_SERVERS) plain_until_ms.clear();
  plain_until_ms.set(serverOf(target), performance.now() + REMEMBERED_MS);
}

const serverOf = ({ host, port }: Connection): string => `${host}:${port}`;

/** The authorities that `verify-*` trusts, for our driver and for libpq alike. */
export function trustedAuthorities(connection: Connection): string {
  return connection.ssl_ca ?? [...new Set([...getCACertificates("default"), ...getCACertificates("system")])].join("\n");
}

async function open(target: Connection, context: Pick<EngineContext, "tag" | "signal">, failed: ErrorCode, tls: boolean): Promise<Session> {
  const client = new pg.Client({
    host: target.host, port: target.port, user: target.username, database: target.db_name,
    password: () => target.password ?? "", // a function: else the driver looks into PGPASSWORD and ~/.pgpass
    application_name: controlName(context.tag), connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true,
    ssl: tls ? tlsOptions(target) : false,
  });
  client.on("error", () => { /* The connection broke while idle: the next query rejects with that. */ });
  const abort = (): void => void client.connection.stream.destroy(); // end() would wait for a server that is silent
  context.signal.addEventListener("abort", abort, { once: true });
  const query = async <T extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<T[]> => {
    try {
      return (await client.query<T>(sql, [...values])).rows;
    } catch (error) {
      throwIfAborted(context.signal, target);
      throw explainDriverError(error, target, failed);
    }
  };
  const close = async (): Promise<void> => {
    context.signal.removeEventListener("abort", abort);
    const force = setTimeout(abort, CLOSE_TIMEOUT_MS); // the server may be gone without a word
    await client.end().finally(() => clearTimeout(force));
  };
  try {
    await client.connect();
    return { server: await setUp(query), tls, query, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throwIfAborted(context.signal, target);
    throw explainDriverError(error, target, failed);
  }
}

/** Our own sessions' name: starts with the tag, but is another than the tools', whose work `isBusy` asks for. */
function controlName(tag: string): string {
  return `${tag.slice(0, 50)}/control`;
}

async function setUp(query: Session["query"]): Promise<ServerVersion> {
  await query("SET statement_timeout = 0"); // alone and first: the limit may be a few milliseconds
  const [row] = await query<{ num: number; text: string }>(
    `SELECT set_config('search_path', 'pg_catalog', false), set_config('client_encoding', 'UTF8', false),
       (SELECT count(set_config(name, '0', false)) FROM pg_catalog.pg_settings WHERE name = ANY ($1)),
       current_setting('server_version_num')::int AS num, current_setting('server_version') AS text`, [UNLIMITED]);
  if (row === undefined) throw new SafebaseError("internal", "the server did not say its version");
  const version = row.text.split(" ")[0] ?? row.text;
  return { name: `PostgreSQL ${version}`, version, num: row.num, major: Math.floor(row.num / 10_000) };
}

function tlsOptions(target: Connection): pg.ClientConfig["ssl"] {
  if (!target.ssl_mode.startsWith("verify-")) return { rejectUnauthorized: false };
  return {
    rejectUnauthorized: true,
    ca: trustedAuthorities(target),
    // The driver does not tell the TLS layer an IP address to compare with.
    checkServerIdentity: (_, certificate) => target.ssl_mode === "verify-full" ? checkServerIdentity(target.host, certificate) : undefined,
  };
}

/** TLS is not there, or one of the two is not allowed (hostssl and hostnossl lines in pg_hba.conf). */
function refuses(error: unknown): boolean {
  return isAboutTls(error) || (error instanceof SafebaseError && /pg_hba\.conf/.test(error.message));
}

function isAboutTls(error: unknown): boolean {
  return error instanceof SafebaseError && error.code === "tls_failed";
}

function throwIfAborted(signal: AbortSignal, target: Connection): void {
  if (!signal.aborted) return;
  if (signal.reason instanceof DOMException && signal.reason.name === "TimeoutError") {
    throw new SafebaseError("unreachable", `${target.host}:${target.port} did not answer in time`, { cause: signal.reason });
  }
  throw signal.reason instanceof SafebaseError ? signal.reason : new SafebaseError("canceled", "canceled", { cause: signal.reason });
}
