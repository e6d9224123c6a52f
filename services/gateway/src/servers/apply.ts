import type { ListedDatabase } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Server } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { databasesOfServer, lockServer, markMissing, registeredOtherwise, updateServer } from "../catalog/servers.ts";
import { addDatabase } from "../databases/create.ts";
import { isUsableDbName } from "../databases/input.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { addSchedule } from "../schedules/create.ts";
import { namesOf } from "../storages/named.ts";
import { chooser, type LeftBecause } from "./choose.ts";
import { listOf, scheduleOf } from "./settings.ts";
import { tellOfChanges, tellOfServer, type Changes } from "./tell.ts";

/** Registered in one transaction: others wait for it. */
const AT_ONCE = 100;

/** What a transaction has done. */
export interface Applied {
  readonly user_id: number;
  readonly added: readonly Database[];
  readonly changed: readonly Database[];
  readonly schedule_ids: readonly number[];
  /** There are new databases left to register. */
  readonly more: boolean;
}

/** `added`: how many this sync has registered already. */
interface Options { readonly by: Actor | undefined; readonly quiet: boolean; readonly added: number }

/** Brings the catalog in line with what is on a server. Undefined when that is old news. */
export async function applyReport(tx: Db, deps: Core, asked: Server, listed: readonly ListedDatabase[], { by, quiet, added: before }: Options): Promise<Applied | undefined> {
  const server = await lockServer(tx, asked.id, "all");
  if (server === undefined || server.sync_applied > asked.sync_begun) return undefined;
  const at = deps.now().toISOString();
  const found = await compare(tx, server, listed);
  const { databases, schedule_ids } = await register(tx, deps, server, found.wanted.slice(0, AT_ONCE), by ?? schedulerFor(server));
  const returned = await markMissing(tx, found.returned, null);
  const vanished = await markMissing(tx, found.vanished, at);
  const names = { added: databases, returned, vanished };
  const changes: Changes = { ...mapNames(names), closed: found.closed.filter((name) => !listOf(server.closed).includes(name)) };
  await tellOfChanges(tx, server, at, quiet ? { ...changes, added: [] } : changes);
  if (server.problem_told === 1) await tellOfServer(tx, "server_sync_recovered", server, at);
  await updateServer(tx, server.id, {
    sync_applied: asked.sync_begun, synced_at: at, succeeded_at: at, found: listed.length, added: before + databases.length,
    closed: JSON.stringify(found.closed), problem: null, problem_told: 0,
  });
  const changed = [...returned, ...vanished];
  if (by !== undefined || databases.length + changed.length > 0) await recordAudit(tx, { actor: by ?? schedulerFor(server), action: "server.sync", object: { type: "server", id: server.id }, detail: { found: listed.length, ...changes } });
  return { user_id: server.user_id, added: databases, changed, schedule_ids, more: found.wanted.length > databases.length };
}

interface Found {
  /** To be registered, by name. */
  readonly wanted: string[];
  readonly closed: string[];
  /** Ids of registered ones that are there again, or not any more. */
  readonly returned: number[];
  readonly vanished: number[];
}

async function compare(tx: Db, server: Server, listed: readonly ListedDatabase[]): Promise<Found> {
  const registered = await databasesOfServer(tx, server.id);
  const known = new Set(registered.map(({ db_name }) => db_name));
  const reasonOf = chooser({
    include: listOf(server.include), exclude: listOf(server.exclude), left_out: listOf(server.left_out),
    registered: await registeredOtherwise(tx, server), isUsable: (name) => isUsableDbName(server.type, name),
  });
  const unknown = listed.filter(({ name }) => !known.has(name)).map((database) => ({ name: database.name, reason: reasonOf(database) }));
  const because = (wanted: LeftBecause | null): string[] => unknown.filter(({ reason }) => reason === wanted).map(({ name }) => name);
  const there = new Set(listed.map(({ name }) => name));
  const ids = (condition: (database: Database) => boolean): number[] => registered.filter(condition).map(({ id }) => id);
  return {
    wanted: because(null), closed: because("closed"),
    returned: ids(({ db_name, missing_since }) => missing_since !== null && there.has(db_name)),
    vanished: ids(({ db_name, missing_since }) => missing_since === null && !there.has(db_name)),
  };
}

/** New databases with all that their server says that they get. */
async function register(tx: Db, deps: Core, server: Server, names: readonly string[], actor: Actor): Promise<{ databases: Database[]; schedule_ids: number[] }> {
  const { id: server_id, user_id, type, host, port, username, password_sealed, ssl_mode, ssl_ca, executor_group, retention, encryption_key_id } = server;
  const [storages, schedule] = [namesOf(server.storages), scheduleOf(server.schedule)];
  const [databases, schedule_ids]: [Database[], number[]] = [[], []];
  for (const db_name of names) {
    const database = await addDatabase(tx, deps, actor, {
      name: `${server.name}/${db_name}`, db_name, server_id, user_id, type, host, port, username, password_sealed, ssl_mode, ssl_ca, executor_group, retention, encryption_key_id, storages,
    });
    databases.push(database);
    if (schedule !== null) schedule_ids.push(await addSchedule(tx, deps, actor, { database_id: database.id, ...schedule }));
  }
  return { databases, schedule_ids };
}

/** In whose name things happen when their time has come. */
function schedulerFor({ user_id }: Server): Actor {
  return { user_id, email: "scheduler", role: "user", scope: { user_id }, ip: null };
}

function mapNames(lists: Record<"added" | "returned" | "vanished", readonly Database[]>): Record<"added" | "returned" | "vanished", string[]> {
  const names = (databases: readonly Database[]): string[] => databases.map(({ db_name }) => db_name);
  return { added: names(lists.added), returned: names(lists.returned), vanished: names(lists.vanished) };
}
