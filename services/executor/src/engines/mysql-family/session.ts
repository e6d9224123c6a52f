import mysql from "mysql2/promise";
import type { RowDataPacket } from "mysql2/promise";
import type { Connection } from "@safebase/contracts";
import type { Flavour } from "./flavour.ts";
import { openConnection } from "./connect.ts";
import { explainQuery } from "./errors.ts";

export type Row = Record<string, unknown>;

/** One session of ours on a server, which knows what it talks to. */
export interface Session extends AsyncDisposable {
  readonly flavour: Flavour;
  readonly version: string; // "10.11.19", "9.7.4"
  readonly server: string; // "MariaDB 10.11.19"
  readonly tls: boolean;
  readonly connection_id: number;
  rows<T extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<T[]>;
}

const PRODUCT = { mysql: "MySQL", mariadb: "MariaDB" } as const;

/**
 * Connects and asks the server who it is. With `db_name: null` no database is chosen: the target of a restore need not
 * exist yet. Our statements wait 20 s at most for another's locks, and no server-wide limit cuts them.
 */
export async function openSession(connection: Connection, options: { db_name: string | null }, signal?: AbortSignal): Promise<Session> {
  signal?.throwIfAborted();
  const { client, tls } = await openConnection(connection, options.db_name);
  // The server ends a session at will (restart, wait_timeout): the next query says so to whoever asks.
  client.on("error", () => undefined);
  const abort = (): void => client.destroy();
  signal?.addEventListener("abort", abort, { once: true });
  const rows = async <T extends Row>(sql: string, values: readonly unknown[] = []): Promise<T[]> => {
    try {
      const [result] = await client.query<RowDataPacket[]>(sql, [...values]);
      return (Array.isArray(result) ? result : []) as unknown as T[];
    } catch (error) {
      signal?.throwIfAborted();
      throw explainQuery(error, connection);
    }
  };
  const close = async (): Promise<void> => {
    signal?.removeEventListener("abort", abort);
    await client.end().catch(() => client.destroy()); // already gone: closed is what we want
  };
  try {
    const who = await identify(rows);
    return { ...who, tls, rows, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function identify(rows: Session["rows"]): Promise<Pick<Session, "flavour" | "version" | "server" | "connection_id">> {
  const [answer] = await rows<{ version: string; id: unknown }>("SELECT VERSION() AS version, CONNECTION_ID() AS id");
  const full = answer?.version ?? "";
  const flavour: Flavour = /mariadb/i.test(full) ? "mariadb" : "mysql";
  const version = /^(?:5\.5\.5-)?(\d+\.\d+\.\d+)/.exec(full)?.[1] ?? full;
  await rows(`SET SESSION sql_mode = "", lock_wait_timeout = 20, ${flavour === "mariadb" ? "max_statement_time" : "max_execution_time"} = 0`);
  return { flavour, version, server: `${PRODUCT[flavour]} ${version}`, connection_id: Number(answer?.id) };
}

/** Runs `SELECT …` for so long at most; the server ends it with an error then. */
export function limitedSelect(session: Session, select: string, limit_ms: number): Promise<Row[]> {
  return session.rows(session.flavour === "mariadb"
    ? `SET STATEMENT max_statement_time = ${limit_ms / 1000} FOR SELECT ${select}`
    : `SELECT /*+ MAX_EXECUTION_TIME(${limit_ms}) */ ${select}`);
}

/** A value written as SQL, for the statements that take no parameters. */
export const quoteText = (value: string): string => mysql.escape(value);
