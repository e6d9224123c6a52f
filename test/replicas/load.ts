import { until } from "@safebase/testing";
import { Client, type Json } from "../client.ts";
import { someGateway, type Fleet } from "./fleet.ts";

/** What was ordered, and what was answered. */
export interface Orders {
  /** Backups up to this id were there before. */
  readonly after_id: number;
  /** Ids that a gateway has accepted. */
  readonly backups: number[];
  readonly restores: { readonly id: number; readonly db_name: string }[];
  readonly verifications: number[];
  readonly deleted: number[];
  /** Requests whose gateway died before it answered: they may have been carried out, or not. */
  unsure: number;
  /** Answers that were refusals: there should be none. */
  readonly refusals: string[];
}

export interface LoadOptions {
  readonly token: string;
  readonly databases: readonly { readonly id: number; readonly db_name: string }[];
  readonly backups: number;
  /** All of them within so long. */
  readonly within_ms: number;
  readonly chance: () => number;
}

/** Of so many backups one is then restored, verified, deleted. */
const [RESTORED_EACH, VERIFIED_EACH, DELETED_EACH] = [20, 33, 14];

/** Orders backups at a steady pace, each at a gateway by chance, and works with some of them once they are there. */
export async function order(fleet: Fleet, options: LoadOptions): Promise<Orders> {
  const [newest] = await fleet.ask("SELECT coalesce(max(id), 0) AS id FROM backups");
  const orders: Orders = { after_id: Number(newest?.["id"]), backups: [], restores: [], verifications: [], deleted: [], unsure: 0, refusals: [] };
  const post = new Poster(fleet, options, orders);
  const [from_ms, later]: [number, Promise<void>[]] = [performance.now(), []];
  for (let n = 1; n <= options.backups; n++) {
    const due_ms = from_ms + (options.within_ms * n) / options.backups;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due_ms - performance.now()))); // the pace of the load
    later.push(one(fleet, options, orders, post, n));
  }
  await Promise.all(later);
  return orders;
}

async function one(fleet: Fleet, { databases }: LoadOptions, orders: Orders, post: Poster, n: number): Promise<void> {
  const database = databases[n % databases.length]!;
  const backup = await post.ask("POST", `/api/backups/database/${database.id}`, {});
  if (backup === undefined) return;
  const id = idOf(backup, "backup");
  orders.backups.push(id);
  if (n % RESTORED_EACH === 0) {
    await completed(fleet, id);
    const db_name = `${database.db_name}_r${n}`;
    const restore = await post.ask("POST", `/api/backups/${id}/restore`, { confirm: db_name, delay_s: 0, target: { db_name } });
    if (restore !== undefined) orders.restores.push({ id: idOf(restore, "restore"), db_name });
  } else if (n % VERIFIED_EACH === 0) {
    await completed(fleet, id);
    const verification = await post.ask("POST", `/api/backups/${id}/verify`, {});
    if (verification !== undefined) orders.verifications.push(idOf(verification, "verification"));
  } else if (n % DELETED_EACH === 0) {
    await completed(fleet, id);
    if (await post.ask("DELETE", `/api/backups/${id}`) !== undefined) orders.deleted.push(id);
  }
}

function idOf(answer: Json, name: string): number {
  return (answer[name] as { id: number }).id;
}

function completed(fleet: Fleet, id: number): Promise<unknown> {
  return until(`backup ${id} to be completed`, async () => {
    const [row] = await fleet.ask(`SELECT status FROM backups WHERE id = ${id}`);
    return row?.["status"] === "completed";
  }, { timeout_ms: 300_000, every_ms: 500 });
}

/** Asks a gateway that runs; when none does, waits for one. */
class Poster {
  readonly #fleet: Fleet;
  readonly #options: LoadOptions;
  readonly #orders: Orders;

  constructor(fleet: Fleet, options: LoadOptions, orders: Orders) {
    this.#fleet = fleet;
    this.#options = options;
    this.#orders = orders;
  }

  /** The answer; undefined when the gateway died with the request, or refused it. */
  async ask(method: string, path: string, body?: Json): Promise<Json | undefined> {
    return until(`${method} ${path} to be answered`, async () => {
      const url = someGateway(this.#fleet, this.#options.chance);
      if (url === undefined) return false;
      try {
        const answer = await new Client(() => url, this.#options.token).ask(method, path, body);
        if (answer.status < 400) return { body: answer.body };
        this.#orders.refusals.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      } catch (error) {
        if (wasNotSent(error)) return false;
        this.#orders.unsure++;
      }
      return { body: undefined };
    }, { timeout_ms: 120_000, every_ms: 100 }).then(({ body: answered }) => answered);
  }
}

/** Nobody listened: nothing has happened. */
function wasNotSent(error: unknown): boolean {
  return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === "ECONNREFUSED";
}
