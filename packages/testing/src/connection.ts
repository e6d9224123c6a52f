import { readFileSync } from "node:fs";
import mysql from "mysql2/promise";
import pg from "pg";
import type { Engine, ServerInfo } from "./server.ts";

export type Row = Record<string, unknown>;

/** One session on a database, the same for every engine; `query` takes the engine's own SQL. */
export interface Connection extends AsyncDisposable {
  engine: Engine;
  query(sql: string, values?: unknown[]): Promise<Row[]>;
}

type Target = Pick<ServerInfo, "engine" | "host" | "port" | "username" | "password"> & { ca_path?: string };

/** Connects as the given user; with `ca_path`, over TLS and with the server's certificate checked. */
export async function connect(target: Target, db_name?: string): Promise<Connection> {
  return target.engine === "postgresql" ? connectPostgres(target, db_name) : connectMysql(target, db_name);
}

async function connectPostgres(target: Target, db_name = "postgres"): Promise<Connection> {
  const client = new pg.Client({
    host: target.host, port: target.port, user: target.username, password: target.password, database: db_name,
    connectionTimeoutMillis: 10_000, types: AS_TEXT, ...tls(target),
  });
  client.on("error", () => { /* The server ended the session: the next query says so to whoever asks. */ });
  await client.connect();
  return {
    engine: target.engine,
    query: async (sql, values) => {
      const result = await client.query<Row>(sql, values);
      return Array.isArray(result) ? (result as pg.QueryResult<Row>[]).at(-1)?.rows ?? [] : result.rows;
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

async function connectMysql(target: Target, db_name?: string): Promise<Connection> {
  const client = await mysql.createConnection({
    host: target.host, port: target.port, user: target.username, password: target.password,
    ...(db_name === undefined ? {} : { database: db_name }),
    connectTimeout: 10_000, multipleStatements: true, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true,
    charset: "utf8mb4", ...tls(target),
  });
  client.on("error", () => { /* As above. */ });
  return {
    engine: target.engine,
    query: async (sql, values) => {
      const [rows] = await client.query(sql, values);
      return Array.isArray(rows) ? rows as Row[] : [];
    },
    [Symbol.asyncDispose]: async () => client.destroy(), // `end` would fail on a session that the server ended
  };
}

// Values as PostgreSQL writes them: a test compares text, not what a driver makes of it.
const AS_TEXT = { getTypeParser: () => (value: unknown) => value };

function tls(target: Target): { ssl?: { ca: string } } {
  return target.ca_path === undefined ? {} : { ssl: { ca: readFileSync(target.ca_path, "utf8") } };
}
