import { SERVICES } from "@safebase/contracts";
import { VERSION } from "@safebase/runtime";
import { mayOthers } from "../auth/rights.ts";
import { databasesOfGroups, listGroups } from "../catalog/executor-groups.ts";
import { openWorkOf } from "../catalog/open-work.ts";
import { groupsInUse } from "../catalog/watched.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import type { SeenExecutor, Watch } from "../watch/watch.ts";
import { mayUse } from "./groups/require.ts";

type Deps = Pick<Core, "db" | "config"> & { readonly watch: Pick<Watch, "executors" | "lost" | "count"> };
type Who = Pick<Actor, "role" | "user_id">;

/** Who lives. On which machines the executors are, and what they do, is for admins and operators. */
export async function listExecutors(deps: Deps, actor: Who) {
  const alive = deps.watch.executors().toSorted((one, other) => (one.executor_id < other.executor_id ? -1 : 1));
  return {
    version: VERSION,
    groups: await groupsFor(deps, actor, alive),
    services: SERVICES.map((name) => ({ name, alive: deps.watch.count(name) })),
    executors: mayOthers(actor.role, "operate") ? await machines(deps, actor, alive) : null,
  };
}

/** What runs on them is told to admins. */
async function machines({ db, watch }: Deps, actor: Who, alive: readonly SeenExecutor[]) {
  const work = mayOthers(actor.role, "administer") ? await openWorkOf(db, alive.flatMap(({ running_jobs }) => running_jobs)) : [];
  const jobs = work.map(({ id, kind, database_id, database_name, backup_id, started_at }) => ({ id, kind, database_id, database_name, backup_id, started_at }));
  const view = (state: "alive" | "draining" | "lost") => ({ executor_id: id, host, group, version, clients, running_jobs, concurrency, started_at, last_seen_at }: SeenExecutor) =>
    ({ id, host, group, version, state, clients, running_jobs, jobs: jobs.filter((job) => running_jobs.includes(job.id)), concurrency: concurrency ?? null, started_at: started_at ?? null, last_seen_at });
  return [...alive.map((each) => view(each.draining === true ? "draining" : "alive")(each)), ...watch.lost().map((each) => view("lost")({ ...each, running_jobs: [] }))];
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
  }).filter(({ usable, databases: count }) => seesAll || usable || count > 0).toSorted((one, other) => Number(other.own) - Number(one.own));
}
