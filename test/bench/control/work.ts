import { until } from "@safebase/testing";
import type { Client } from "../../client.ts";
import { listen, type Heard } from "../../e2e/events.ts";

/** How long each command took from its POST to `completed`, as a browser hears of it, sorted; and all of them together. */
export interface WorkFigures { readonly commands: number; readonly elapsed_ms: number; readonly times_ms: readonly number[] }

/** So many requests at a time; `one_by_one`: each after the end of the one before. */
export interface Load { readonly commands: number; readonly at_once: number; readonly one_by_one?: boolean }

const LIMIT_MS = 300_000;

/** Orders backups of tiny databases, each at the next gateway, and waits for the last. */
export async function measureWork(clients: readonly Client[], databases: readonly number[], { commands, at_once, one_by_one = false }: Load, signal: AbortSignal): Promise<WorkFigures> {
  await using stream = await listen(clients[0]!);
  const asked = new Map<number, number>();
  const numbers = Array.from({ length: commands }, (_, n) => n).values();
  const from_ms = performance.now();
  await Promise.all(Array.from({ length: at_once }, async () => {
    for (const n of numbers) {
      signal.throwIfAborted();
      const sent_ms = performance.now();
      const { id } = await clients[n % clients.length]!.backUp(databases[n % databases.length]!);
      asked.set(id, sent_ms);
      if (one_by_one) await until(`backup ${id} to end`, () => endsOf(stream.heard).has(id), { timeout_ms: LIMIT_MS, every_ms: 5 });
    }
  }));
  const ends = await until("every backup to end", () => {
    signal.throwIfAborted();
    const found = endsOf(stream.heard);
    return found.size >= commands && found;
  }, { timeout_ms: LIMIT_MS, every_ms: 20 });
  const times_ms = [...asked].map(([id, sent_ms]) => (ends.get(id) ?? Number.NaN) - sent_ms).sort((a, b) => a - b);
  return { commands, elapsed_ms: Math.max(...ends.values()) - from_ms, times_ms };
}

/** When each backup was heard to have ended. One that has not come through ends the bench. */
function endsOf(heard: readonly Heard[]): Map<number, number> {
  const ends = new Map<number, number>();
  for (const { event, data, at_ms } of heard) {
    if (event !== "backup") continue;
    if (data["status"] === "failed" || data["status"] === "canceled") throw new Error(`backup ${String(data["id"])} is ${data["status"]}: ${String(data["error_msg"])}`);
    if (data["status"] === "completed" && !ends.has(Number(data["id"]))) ends.set(Number(data["id"]), at_ms);
  }
  return ends;
}
