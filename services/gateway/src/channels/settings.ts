import { SafebaseError, type ChannelType, type Language, type NoticeKind } from "@safebase/contracts";
import { listDatabases } from "../catalog/databases.ts";
import type { Channel } from "../catalog/schema.ts";
import { mayOthers } from "../auth/rights.ts";
import type { Db } from "../catalog/scope.ts";
import { findUser } from "../catalog/users.ts";

/** What a channel is told, and how: all but where it leads. */
export interface ChannelSettings {
  readonly name?: string | undefined;
  /** Default: what fits the type. */
  readonly events?: readonly NoticeKind[] | undefined;
  /** Null for all. */
  readonly database_ids?: readonly number[] | null | undefined;
  readonly all_users?: boolean | undefined;
  readonly language?: Language | undefined;
  readonly group_s?: number | undefined;
  readonly enabled?: boolean | undefined;
}

/** Everybody's things are for admins and operators, and for as long as they are. */
export async function mayHearAll(tx: Db, owner: number): Promise<boolean> {
  const user = await findUser(tx, owner);
  return user !== undefined && mayOthers(user.role, "operate");
}

export function refuseAllUsers(): SafebaseError {
  return new SafebaseError("forbidden", "all_users: only an admin's or operator's channel may be told of everybody's databases");
}

/** Refuses databases that the channel may not be told of. */
export async function checkDatabases(tx: Db, owner: number, allUsers: boolean, ids: readonly number[] | null): Promise<void> {
  if (ids === null) return;
  const known = new Set((await listDatabases(tx, allUsers ? "all" : { user_id: owner })).map(({ id }) => id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) throw new SafebaseError("bad_request", `database_ids: database ${unknown} not found`);
}

const GROUP_S = 60;

/** Pings of a dead man's switch say when a backup ended: they are not held back. */
export function groupOf(type: ChannelType, asked: number | undefined, before?: Pick<Channel, "group_s" | "type">): number {
  if (type !== "healthchecks") return asked ?? (before === undefined || before.type === "healthchecks" ? GROUP_S : before.group_s);
  if ((asked ?? 0) !== 0) throw new SafebaseError("bad_request", "group_s must be 0 for healthchecks: each backup is a ping of its own");
  return 0;
}
