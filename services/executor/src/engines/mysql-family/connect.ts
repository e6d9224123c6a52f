import { connect as connectSocket, isIP, type Socket } from "node:net";
import mysql from "mysql2/promise";
import type { ConnectionOptions, SslOptions } from "mysql2/promise";
import type { Connection } from "@safebase/contracts";
import { explainConnect } from "./errors.ts";

const CONNECT_TIMEOUT_MS = 15_000;

/** Connects as `ssl_mode` says: `prefer` falls back to plain text only when the server offers no TLS at all. */
export async function openConnection(connection: Connection, db_name: string | null): Promise<{ client: mysql.Connection; tls: boolean }> {
  const ssl = sslOptions(connection);
  try {
    if (ssl === undefined) return { client: await create(connection, db_name, undefined), tls: false };
    try {
      return { client: await create(connection, db_name, ssl), tls: true };
    } catch (error) {
      if (connection.ssl_mode !== "prefer" || (error as { code?: string }).code !== "HANDSHAKE_NO_SSL_SUPPORT") throw error;
      return { client: await create(connection, db_name, undefined), tls: false };
    }
  } catch (error) {
    throw explainConnect(error, connection, db_name);
  }
}

function sslOptions({ ssl_mode, ssl_ca }: Connection): SslOptions | undefined {
  if (ssl_mode === "disable") return undefined;
  if (ssl_mode === "prefer" || ssl_mode === "require") return { rejectUnauthorized: false };
  return { rejectUnauthorized: true, verifyIdentity: ssl_mode === "verify-full", ...(ssl_ca === null ? {} : { ca: ssl_ca }) };
}

function create(connection: Connection, db_name: string | null, ssl: SslOptions | undefined): Promise<mysql.Connection> {
  const options: ConnectionOptions = {
    host: connection.host, port: connection.port, user: connection.username, password: connection.password ?? "",
    connectTimeout: CONNECT_TIMEOUT_MS, charset: "utf8mb4", supportBigNumbers: true, dateStrings: true,
    // Never: a server could ask for any file of ours.
    flags: ["-LOCAL_FILES"],
    stream: () => openSocket(connection),
    ...(db_name === null ? {} : { database: db_name }),
    ...(ssl === undefined ? {} : { ssl }),
  };
  return mysql.createConnection(options);
}

/**
 * mysql2 hands Node's TLS no name to check when the host is an IP address, and Node then checks against `localhost`
 * unless the socket knows its host: so ours does. (The test with a certificate for another address watches this.)
 */
function openSocket({ host, port }: Connection): Socket {
  const socket = connectSocket({ host, port, keepAlive: true, keepAliveInitialDelay: 30_000, noDelay: true });
  return isIP(host) === 0 ? socket : Object.assign(socket, { _host: host });
}
