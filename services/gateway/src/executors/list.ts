import { SERVICES } from "@safebase/contracts";
import { mayOthers } from "../auth/rights.ts";
import { groupsInUse } from "../catalog/watched.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import type { Watch } from "../watch/watch.ts";

/** Who lives. On which machines the executors are, and what they do, is for admins and operators. */
export async function listExecutors(deps: Pick<Core, "db"> & { readonly watch: Pick<Watch, "executors" | "count"> }, actor: Pick<Actor, "role">) {
  const alive = deps.watch.executors().toSorted((one, other) => (one.executor_id < other.executor_id ? -1 : 1));
  const groups = new Set([...await groupsInUse(deps.db), ...alive.map(({ group }) => group)]);
  return {
    groups: [...groups].toSorted().map((group) => ({ group, alive: alive.filter((each) => each.group === group).length })),
    services: SERVICES.map((name) => ({ name, alive: deps.watch.count(name) })),
    executors: !mayOthers(actor.role, "operate") ? null : alive.map(({ executor_id: id, host, group, version, clients, running_jobs, last_seen_at }) =>
      ({ id, host, group, version, clients, running_jobs, last_seen_at })),
  };
}
