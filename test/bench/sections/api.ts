import { until } from "@safebase/testing";
import { newCatalog, startCatalogServer } from "../control/catalogs.ts";
import { DIALECTS, writeHistory, type Dialect, type History } from "../data/history.ts";
import type { Context } from "../lab.ts";
import { startSystem } from "../system.ts";

const HISTORY: History = { databases: 200, backups: 100_000, days: 400 };
const REQUESTS = 200;
const WARM_UP = 20;

const days = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString();

/** What the pages ask for, over a catalog that is old. */
const ASKED: readonly (readonly [what: string, path: string])[] = [
  ["the dashboard", "/api/dashboard?time_zone=Europe/Paris"],
  ["the dashboard, everybody's", "/api/dashboard?time_zone=Europe/Paris&scope=all"],
  ["backups, page 1", "/api/backups?page=1&per_page=50"],
  ["backups, page 1,000", "/api/backups?page=1000&per_page=50"],
  ["backups, page 2,000", "/api/backups?page=2000&per_page=50"],
  ["everybody's backups, page 2,000", "/api/backups?page=2000&per_page=50&scope=all"],
  ["failed backups of a day", `/api/backups?status=failed&since=${days(2)}&until=${days(1)}`],
  ["backups that no test restore has proved, in one storage", "/api/backups?verified=false&storage=local&trigger=scheduled&per_page=50"],
  ["backups by a part of their name, page 111", "/api/backups?search=app_9&page=111&per_page=100"],
];

/** How long each request takes, from before it is sent until its answer is read, one after the other; sorted. */
export interface ApiFigures { readonly history: History; readonly requests: readonly { readonly what: string; readonly times_ms: Readonly<Record<Dialect, readonly number[]>> }[] }

/** The gateway of a whole SafeBase, on SQLite and on PostgreSQL, asked as a browser asks. */
export async function measureApi(context: Context): Promise<ApiFigures> {
  await using server = await startCatalogServer();
  const found = { sqlite: new Map<string, number[]>(), postgresql: new Map<string, number[]>() };
  for (const dialect of DIALECTS) {
    await using stack = new AsyncDisposableStack();
    found[dialect] = await measureOn(dialect, await newCatalog(dialect, server, stack), context);
  }
  return { history: HISTORY, requests: ASKED.map(([what]) => ({ what, times_ms: { sqlite: found.sqlite.get(what) ?? [], postgresql: found.postgresql.get(what) ?? [] } })) };
}

async function measureOn(dialect: Dialect, catalog_url: string | undefined, { signal, say }: Context): Promise<Map<string, number[]>> {
  await using system = await startSystem(catalog_url);
  say(`api: ${dialect}: writing ${HISTORY.backups} backups into the catalog …`);
  await writeHistory(system.catalog_url, HISTORY);
  await until("the gateway to answer again", () => system.client.call("GET", "/api/backups").then(() => true, () => false)); // its connections ended meanwhile
  const found = new Map<string, number[]>();
  for (const [what, path] of ASKED) {
    const times_ms = await timesOf(() => system.client.call("GET", path), signal);
    say(`api: ${dialect}: ${what}: ${times_ms[REQUESTS / 2]?.toFixed(1)} ms`);
    found.set(what, times_ms);
  }
  return found;
}

async function timesOf(ask: () => Promise<unknown>, signal: AbortSignal): Promise<number[]> {
  const times_ms: number[] = [];
  for (let n = 0; n < WARM_UP + REQUESTS; n++) {
    signal.throwIfAborted();
    const from_ms = performance.now();
    await ask();
    if (n >= WARM_UP) times_ms.push(performance.now() - from_ms);
  }
  return times_ms.sort((a, b) => a - b);
}
