import { join } from "node:path";
import { until } from "@safebase/testing";
import { writeHistory, type History } from "../data/history.ts";
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
export interface ApiFigures { readonly history: History; readonly requests: readonly { readonly what: string; readonly times_ms: readonly number[] }[] }

/** The gateway of a whole SafeBase on SQLite, asked as a browser asks. */
export async function measureApi({ signal, say }: Context): Promise<ApiFigures> {
  await using system = await startSystem();
  say(`api: writing ${HISTORY.backups} backups into the catalog …`);
  writeHistory(join(system.data_dir, "catalog.db"), HISTORY);
  await until("the gateway to answer again", () => system.client.call("GET", "/api/backups").then(() => true, () => false)); // its connections ended meanwhile
  const requests = [];
  for (const [what, path] of ASKED) {
    const times_ms = await timesOf(() => system.client.call("GET", path), signal);
    say(`api: ${what}: ${times_ms[REQUESTS / 2]?.toFixed(1)} ms`);
    requests.push({ what, times_ms });
  }
  return { history: HISTORY, requests };
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
