import { randomBytes } from "node:crypto";
import { connect, type Connection } from "./connection.ts";
import type { ServerInfo } from "./server.ts";

/** An empty database on a server, with a superuser's session on it; dropped when disposed of. */
export interface TestDatabase extends ServerInfo, AsyncDisposable {
  db_name: string;
  connection: Connection;
}

/** Creates a database named after `prefix` (any characters) and something unique. */
export async function freshDatabase(server: ServerInfo, prefix = "test"): Promise<TestDatabase> {
  const db_name = `${prefix}_${randomBytes(4).toString("hex")}`;
  const name = quoteName(server.engine, db_name);
  const isPostgres = server.engine === "postgresql";
  await using stack = new AsyncDisposableStack();
  await asAdmin(server, `CREATE DATABASE ${name} ${isPostgres ? "TEMPLATE template0" : "CHARACTER SET utf8mb4"}`);
  stack.defer(() => asAdmin(server, `DROP DATABASE IF EXISTS ${name}${isPostgres ? " WITH (FORCE)" : ""}`));
  const connection = stack.use(await connect(server, db_name));
  const owned = stack.move();
  return { ...server, db_name, connection, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function asAdmin(server: ServerInfo, sql: string): Promise<void> {
  await using admin = await connect(server);
  await admin.query(sql);
}

/** The name quoted as the engine's SQL wants it. */
export function quoteName(engine: ServerInfo["engine"], name: string): string {
  const mark = engine === "postgresql" ? '"' : "`";
  return mark + name.replaceAll(mark, mark + mark) + mark;
}
