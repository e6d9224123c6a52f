import type { Client } from "../../client.ts";

/** What people ask for beside each other, and how often. */
const MIX = [["list", 8], ["detail", 7], ["dashboard", 3], ["POST", 2]] as const;
export type Asked = (typeof MIX)[number][0];

/** How long each request took, sorted, by what it asked for; and all of them in how long. */
export interface CrowdFigures { readonly clients: number; readonly elapsed_ms: number; readonly times_ms: Readonly<Record<Asked, readonly number[]>> }

export interface Crowd { readonly clients: number; readonly lasts_ms: number; readonly databases: readonly number[]; readonly backups: number }

/** So many clients, each with one request after the other, at the gateways in turn. */
export async function measureCrowd(gateways: readonly Client[], crowd: Crowd, signal: AbortSignal): Promise<CrowdFigures> {
  const times_ms: Record<Asked, number[]> = { list: [], detail: [], dashboard: [], POST: [] };
  const order = MIX.flatMap(([what, share]) => Array.from({ length: share }, () => what));
  const from_ms = performance.now();
  await Promise.all(Array.from({ length: crowd.clients }, async (_, client) => {
    const gateway = gateways[client % gateways.length]!;
    for (let n = client; performance.now() - from_ms < crowd.lasts_ms; n++) {
      signal.throwIfAborted();
      const what = order[(n * 7) % order.length]!, sent_ms = performance.now(); // 7 and the length have no common divisor
      await ask(gateway, what, n * crowd.clients + client, crowd);
      times_ms[what].push(performance.now() - sent_ms);
    }
  }));
  for (const times of Object.values(times_ms)) times.sort((a, b) => a - b);
  return { clients: crowd.clients, elapsed_ms: performance.now() - from_ms, times_ms };
}

async function ask(client: Client, what: Asked, number: number, { databases, backups }: Crowd): Promise<unknown> {
  const some = (number * 7_919) % backups + 1; // spread over all of them
  if (what === "list") return client.call("GET", `/api/backups?page=${some % (backups / 50 - 1) + 1}&per_page=50`);
  if (what === "detail") return client.call("GET", `/api/backups/${some}`);
  if (what === "dashboard") return client.call("GET", "/api/dashboard?time_zone=Europe/Paris");
  return client.backUp(databases[number % databases.length]!);
}
