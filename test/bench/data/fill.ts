import type { Connection } from "@safebase/testing";
import { mariadbShop } from "./mariadb.ts";
import { postgresShop } from "./postgres.ts";
import { SHAPES, type Shape } from "./shapes.ts";
import { sentence, SENTENCES } from "./words.ts";

/** What there is to fill a database with: the shop, for any engine, or one of PostgreSQL's shapes. */
export type Data = "shop" | Shape;

/** Bytes of SQL for each order with all that belongs to it, as measured. */
const BYTES_PER_ORDER = { postgresql: 758, mariadb: 788, mysql: 788 };

/** In steps, so that a cancel need not wait for gigabytes and no single transaction grows large. */
const STEP_ORDERS = 50_000;

/** Fills an empty database, inside its server, with about `size_bytes` of SQL; the same rows for the same size. */
export async function fill(connection: Connection, data: Data, size_bytes: number, signal: AbortSignal): Promise<void> {
  for (const sql of data === "shop" ? shop(connection, size_bytes) : SHAPES[data](size_bytes)) {
    signal.throwIfAborted();
    await connection.query(sql);
  }
  await settle(connection);
}

function* shop({ engine }: Connection, size_bytes: number): Generator<string> {
  const { TABLES, KEYS, rows } = engine === "postgresql" ? postgresShop : mariadbShop;
  yield* TABLES;
  yield `INSERT INTO sentences VALUES ${Array.from({ length: SENTENCES }, (_, id) => `(${id}, '${sentence(id)}')`).join(", ")}`;
  const orders = Math.max(1_000, Math.round(size_bytes / BYTES_PER_ORDER[engine]));
  for (let from = 1; from <= orders; from += STEP_ORDERS) yield* rows(from, Math.min(orders, from + STEP_ORDERS - 1), SENTENCES);
  yield* KEYS;
}

/** What a server would else do during the first measured run: hint bits, statistics, dirty pages. */
async function settle(connection: Connection): Promise<void> {
  if (connection.engine !== "postgresql") return;
  await connection.query("VACUUM ANALYZE");
  await connection.query("CHECKPOINT");
}
