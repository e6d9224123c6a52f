import { subjects, type SweepOrder } from "@safebase/contracts";
import { storagesInUse } from "../catalog/storages-in-use.ts";
import { sealedFor } from "../executors/sealed-for.ts";
import type { Core } from "../jobs/deps.ts";
import { defaultStorages } from "./named.ts";

/** Has executors of each group remove from its storages what interrupted jobs left. */
export async function orderSweep({ db, bus, secrets }: Pick<Core, "db" | "bus" | "secrets">): Promise<void> {
  for (const order of await storagesInUse(db, await defaultStorages(db))) {
    bus.broadcast(subjects.sweep(order.group), sealedFor(secrets, order.group, order satisfies SweepOrder));
  }
}
