import type { Connection } from "@safebase/testing";
import { mariadbShop } from "./mariadb.ts";
import { postgresShop } from "./postgres.ts";
import { sentence, SENTENCES } from "./words.ts";

/** Bytes of SQL for each order with all that belongs to it, as measured. */
const BYTES_PER_ORDER = { postgresql: 758, mariadb: 788, mysql: 788 };

/** In steps, so that a cancel need not wait for gigabytes and no single transaction grows large. */
const STEP_ORDERS = 50_000;

/** Fills an empty database, inside its server, with about `size_bytes` of SQL; the same rows for the same size. */
export async function fill(connection: Connection, size_bytes: number, signal: AbortSignal): Promise<void> {
  const { TABLES, KEYS, rows } = connection.engine === "postgresql" ? postgresShop : mariadbShop;
  for (const sql of TABLES) await connection.query(sql);
  await fillSentences(connection);
  const orders = Math.max(1_000, Math.round(size_bytes / BYTES_PER_ORDER[connection.engine]));
  for (let from = 1; from <= orders; from += STEP_ORDERS) {
    signal.throwIfAborted();
    for (const sql of rows(from, Math.min(orders, from + STEP_ORDERS - 1), SENTENCES)) await connection.query(sql);
  }
  for (const sql of KEYS) await connection.query(sql);
  await settle(connection);
}

async function fillSentences(connection: Connection): Promise<void> {
  const values = Array.from({ length: SENTENCES }, (_, id) => `(${id}, '${sentence(id)}')`);
  await connection.query(`INSERT INTO sentences VALUES ${values.join(", ")}`);
}

/** What a server would else do during the first measured run: hint bits, statistics, dirty pages. */
async function settle(connection: Connection): Promise<void> {
  if (connection.engine !== "postgresql") return;
  await connection.query("VACUUM ANALYZE");
  await connection.query("CHECKPOINT");
}
