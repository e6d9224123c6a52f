import { SERVICES } from "@safebase/contracts";
import { mayOthers } from "../auth/rights.ts";
import { databasesOfGroups, listGroups } from "../catalog/executor-groups.ts";
import { groupsInUse } from "../catalog/watched.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import type { SeenExecutor, Watch } from "../watch/watch.ts";
import { mayUse } from "./groups/require.ts";

type Deps = Pick<Core, "db" | "config"> & { readonly watch: Pick<Watch, "executors" | "count"> };
type Who = Pick<Actor, "role" | "user_id">;

/** Who lives. On which machines the executors are, and what they do, is for admins and operators. */
export async function listExecutors(deps: Deps, actor: Who) {
  const alive = deps.watch.executors().toSorted((one, other) => (one.executor_id < other.executor_id ? -1 : 1));
  return {
    groups: await groupsFor(deps, actor, alive),
    services: SERVICES.map((name) => ({ name, alive: deps.watch.count(name) })),
    executors: !mayOthers(actor.role, "operate") ? null : alive.map(({ executor_id: id, host, group, version, clients, running_jobs, last_seen_at }) =>
      ({ id, host, group, version, clients, running_jobs, last_seen_at })),
  };
}

/** Those who may not see the machines are shown the groups that they may use, or that their databases are in. */
async function groupsFor({ db, config }: Deps, actor: Who, alive: readonly SeenExecutor[]) {
  const seesAll = mayOthers(actor.role, "operate");
  const made = new Map((await listGroups(db)).map((row) => [row.name, row]));
  const databases = await databasesOfGroups(db, seesAll ? "all" : { user_id: actor.user_id });
  const names = new Set([config.executor_group, ...made.keys(), ...await groupsInUse(db), ...alive.map(({ group }) => group)]);
  return [...names].toSorted().map((group) => {
    const [row, own] = [made.get(group), group === config.executor_group];
    return {
      group, alive: alive.filter((each) => each.group === group).length, databases: databases.get(group) ?? 0, own,
      open: own || row?.open === 1, note: row?.note ?? null, usable: mayUse(config, actor, group, row),
    };
  }).filter(({ usable, databases: count }) => seesAll || usable || count > 0);
}
