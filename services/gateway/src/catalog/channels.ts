import { sql } from "kysely";
import { mayOthers } from "../auth/rights.ts";
import type { Channel, NewChannel } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/**
 * Every channel that is told of things, whoever's. One that is told of everybody's is so only as long as its owner is
 * an admin or operator: the flag says what holds now.
 */
export async function enabledChannels(db: Db): Promise<Channel[]> {
  const rows = await db.selectFrom("channels").leftJoin("users", "users.id", "channels.user_id").selectAll("channels").select("users.role")
    .where("channels.enabled", "=", 1).orderBy("channels.id").execute();
  return rows.map(({ role, ...channel }) => ({ ...channel, all_users: channel.user_id === null || (role !== null && mayOthers(role, "operate")) ? channel.all_users : 0 }));
}

export async function insertChannel(db: Db, row: NewChannel): Promise<Channel> {
  return db.insertInto("channels").values(row).returningAll().executeTakeFirstOrThrow();
}

export async function findChannel(db: Db, id: number, scope: Scope): Promise<Channel | undefined> {
  return db.selectFrom("channels").selectAll().where("id", "=", id).where(ownedBy("channels.user_id", scope)).executeTakeFirst();
}

export async function listChannels(db: Db, scope: Scope): Promise<Channel[]> {
  return db.selectFrom("channels").selectAll().where(ownedBy("channels.user_id", scope)).orderBy("id").execute();
}

/** Whose each of these is, by the channel's id; those of the configuration are nobody's. */
export async function ownersOfChannels(db: Db, scope: Scope): Promise<Map<number, string>> {
  const rows = await db.selectFrom("channels").innerJoin("users", "users.id", "channels.user_id").select(["channels.id", "users.email"]).where(ownedBy("channels.user_id", scope)).execute();
  return new Map(rows.map(({ id, email }) => [id, email]));
}

/** Makes other transactions that lock this channel wait for ours. Undefined when it is not there for this scope. */
export async function lockChannel(db: Db, id: number, scope: Scope): Promise<Channel | undefined> {
  return db.updateTable("channels").set((eb) => ({ updated_at: eb.ref("updated_at") }))
    .where("id", "=", id).where(ownedBy("channels.user_id", scope)).returningAll().executeTakeFirst();
}

export type ChannelChange = Partial<Omit<Channel, "id" | "user_id" | "source" | "created_at">> & { updated_at: string };

export async function updateChannel(db: Db, id: number, change: ChannelChange): Promise<Channel> {
  return db.updateTable("channels").set(change).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

export async function deleteChannel(db: Db, id: number): Promise<void> {
  await db.deleteFrom("channels").where("id", "=", id).execute();
}

/** Those of the configuration, locked until the end of the transaction. */
export async function lockConfiguredChannels(db: Db): Promise<Channel[]> {
  return db.updateTable("channels").set((eb) => ({ updated_at: eb.ref("updated_at") })).where("source", "=", "configuration").returningAll().execute();
}

/** Adds one of the configuration, unless another gateway was first. */
export async function insertConfiguredChannel(db: Db, row: NewChannel): Promise<void> {
  await db.insertInto("channels").values({ ...row, source: "configuration" })
    .onConflict((conflict) => conflict.column("name").where(sql<boolean>`source = 'configuration'`).doNothing()).execute();
}

/** What they were still to be told is ended by the reconciliation. */
export async function deleteChannelsOf(db: Db, userId: number): Promise<void> {
  await db.deleteFrom("channels").where("user_id", "=", userId).execute();
}
