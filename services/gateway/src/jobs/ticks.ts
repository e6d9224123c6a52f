import { STREAMS, subjects, Tick, TICKS, type TickName } from "@safebase/contracts";
import { work } from "@safebase/runtime";
import { queueChecks } from "../checks/share.ts";
import { checkObjectives } from "../objectives/check.ts";
import { backUpCatalog } from "../recovery/backup-catalog.ts";
import { runRetention } from "../retention/run.ts";
import { syncServers } from "../servers/tick.ts";
import { checkStorages } from "../storages/check.ts";
import { orderSweep } from "../storages/sweep.ts";
import type { Core } from "./deps.ts";
import type { Dispatcher } from "./dispatch.ts";

/** An older tick is none any more: the next one is near. */
const STALE_MS = 5 * 60_000;

const ACTS: Readonly<Record<TickName, (core: Core, dispatcher: Dispatcher) => Promise<void>>> = {
  retention: runRetention,
  objectives: (core, dispatcher) => checkObjectives(core, dispatcher),
  storage_check: checkStorages,
  check: queueChecks,
  catalog_backup: async (core, dispatcher) => void await backUpCatalog(core, dispatcher),
  servers: syncServers,
  sweep: orderSweep,
};

/** The system's regular work, each kind with a consumer of its own, so that a slow one holds up no other. */
export function takeTicks(core: Core, dispatcher: Dispatcher): AsyncDisposable[] {
  return TICKS.map((name) => {
    const taker = new TickTaker(core, dispatcher, name);
    return work(core.bus, {
      stream: STREAMS.events, durable: `gateway-ticks-${name}`, filter: subjects.tick(name), concurrency: 1, ack_wait_ms: 30_000,
      handle: (payload) => taker.take(payload),
    });
  });
}

/** What comes rarely, and does not mind when. */
const LATE_IS_FINE: ReadonlySet<TickName> = new Set(["retention", "check", "catalog_backup"]);

class TickTaker {
  readonly #core: Core;
  readonly #dispatcher: Dispatcher;
  readonly #name: TickName;
  /** The last act that came through began then. */
  #done_at_ms = 0;

  constructor(core: Core, dispatcher: Dispatcher, name: TickName) {
    this.#core = core;
    this.#dispatcher = dispatcher;
    this.#name = name;
  }

  /** Retention, checks and the backup of the catalog act on old ticks, too, for nothing else makes it; once on all that came before they began. */
  async take(payload: unknown): Promise<void> {
    const { log } = this.#core;
    const tick = Tick.safeParse(payload);
    if (!tick.success || tick.data.name !== this.#name) return log.error({ err: tick.error, payload }, "a tick was dropped: it is not one");
    const planned_at_ms = Date.parse(tick.data.planned_at);
    const now_ms = this.#core.now().getTime();
    if (planned_at_ms <= this.#done_at_ms) return;
    if (!LATE_IS_FINE.has(this.#name) && now_ms - planned_at_ms > STALE_MS) return log.info({ tick: tick.data }, "a tick was dropped: it is old");
    await ACTS[this.#name](this.#core, this.#dispatcher);
    this.#done_at_ms = now_ms;
  }
}
