import { SafebaseError } from "@safebase/contracts";
import type { Config } from "@safebase/runtime";
import { findGroup, listGroups, type ExecutorGroup } from "../../catalog/executor-groups.ts";
import type { Db } from "../../catalog/scope.ts";
import type { Actor } from "../../jobs/deps.ts";

type Installation = Pick<Config, "executor_group">;
type Who = Pick<Actor, "role">;

/**
 * May he have executors of this group dial to places of his choice? Whoever says where a database is, has a machine of
 * the group connect there: in the network that the group was made for, that is its owner's to allow. The installation's
 * own group is everybody's.
 */
export function mayUse(config: Installation, { role }: Who, name: string, group: Pick<ExecutorGroup, "open"> | undefined): boolean {
  return name === config.executor_group || (group !== undefined && (group.open === 1 || role === "admin"));
}

/** Throws `bad_request` for a group that is not there, or not for him: the two look alike. */
export async function requireGroup(db: Db, config: Installation, actor: Who, name: string, field = "executor_group"): Promise<void> {
  if (mayUse(config, actor, name, await findGroup(db, name))) return;
  const known = (await listGroups(db)).filter((group) => mayUse(config, actor, group.name, group)).map((group) => group.name);
  throw new SafebaseError("bad_request", `${field}: unknown executor group: ${name}`, { hint: `known: ${[...new Set([config.executor_group, ...known])].join(", ")}` });
}

/** Throws where somebody would choose where the executors of a group that is not open to him connect to. */
export async function refuseElsewhere(db: Db, config: Installation, actor: Who, name: string): Promise<void> {
  if (mayUse(config, actor, name, await findGroup(db, name))) return;
  throw new SafebaseError("forbidden", `only an admin may change where the executors of the group ${name} connect to`, { hint: `have an admin change it, or open the group, or move it to the group ${config.executor_group} in the same request` });
}
