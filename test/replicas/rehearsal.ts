import { subjects, type Tick } from "@safebase/contracts";
import { Bus, createLog } from "@safebase/runtime";
import { connect, freshDatabase, quoteName, until, type ServerInfo, type TestDatabase } from "@safebase/testing";
import type { Client } from "../client.ts";
import { checkBooks, type Books } from "./books.ts";
import { seeded } from "./chance.ts";
import type { Fleet } from "./fleet.ts";
import { order, type Orders } from "./load.ts";
import { wreak, type Death } from "./mayhem.ts";

export interface Rehearsal {
  readonly servers: readonly ServerInfo[];
  readonly seed: number;
  readonly backups: number;
  readonly within_ms: number;
  readonly deaths: readonly Death[];
  /** Six fields: people cannot order a run each few seconds, but a schedule can hold it. */
  readonly cron: string;
  readonly say: (line: string) => void;
}

const DATABASES_EACH = 5;
const ROWS = 7;

/** Lets the fleet work while its members die, waits until all is over, and checks the books. */
export async function rehearse(fleet: Fleet, admin: Client, options: Rehearsal): Promise<Books> {
  await using stack = new AsyncDisposableStack();
  const databases = [];
  for (const server of options.servers) for (let n = 0; n < DATABASES_EACH; n++) databases.push(await tinyDatabase(stack, server, admin));
  await planEach(fleet, admin, databases.slice(1, -1), options.cron);
  const loading = order(fleet, { token: admin.token, databases, backups: options.backups, within_ms: options.within_ms, chance: seeded(options.seed + 1) });
  loading.catch(() => { /* thrown below, where it is waited for */ });
  await wreak(fleet, options.deaths, options.say);
  const orders = await loading;
  for (const { db_name } of orders.restores) stack.defer(() => dropFrom(options.servers, db_name));
  await fleet.ask("UPDATE schedules SET enabled = 0");
  await quiet(fleet);
  const books = await settled(fleet, orders);
  return { figures: { ...books.figures, took_too_long_to_stop: fleet.tooLong.length }, wrong: [...books.wrong, ...fleet.unclean, ...await unlike(databases, orders)] };
}

type Tiny = TestDatabase & { readonly id: number };

async function tinyDatabase(stack: AsyncDisposableStack, server: ServerInfo, admin: Client): Promise<Tiny> {
  const database = stack.use(await freshDatabase(server, "tiny"));
  await database.connection.query("CREATE TABLE things (id int PRIMARY KEY, name varchar(40))");
  for (let id = 1; id <= ROWS; id++) await database.connection.query(`INSERT INTO things VALUES (${id}, 'thing ${id} of ${database.db_name}')`);
  return Object.assign(database, { id: await admin.addDatabase(server, database.db_name) });
}

async function planEach(fleet: Fleet, admin: Client, databases: readonly Tiny[], cron: string): Promise<void> {
  for (const { id } of databases) await admin.call("POST", "/api/schedules", { database_id: id, cron: "0 3 1 1 *", retention: {} });
  await fleet.ask(`UPDATE schedules SET cron = '${cron}'`); // the reconciliation brings it to the schedulers
}

/** No job and no notification is open, and what interrupted jobs left has been swept up. */
async function quiet({ ask, nats }: Fleet): Promise<void> {
  const none = (what: string, sql: string): Promise<unknown> => until(`${what} to be over`, async () => Number((await ask(sql))[0]?.["count"]) === 0, { timeout_ms: 180_000, every_ms: 250 });
  await none("all jobs", "SELECT count(*) AS count FROM jobs WHERE status IN ('pending', 'running')");
  await none("all notifications", "SELECT count(*) AS count FROM notifications WHERE status IN ('pending', 'retrying')");
  await using bus = await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 60_000, log: createLog("test", "silent") }, AbortSignal.timeout(10_000));
  await bus.publish(subjects.tick("sweep"), { name: "sweep", planned_at: new Date().toISOString() } satisfies Tick, { signal: AbortSignal.timeout(10_000) });
}

/** The books once leftovers are swept up; where something stays wrong, as they are then. */
async function settled(fleet: Fleet, orders: Orders): Promise<Books> {
  let books: Books | undefined;
  await until("the books to be right", async () => (books = await checkBooks(fleet, orders)).wrong.length === 0, { timeout_ms: 20_000, every_ms: 500 })
    .catch((error: unknown) => { if (books === undefined) throw error; });
  return books!;
}

/** Restored databases that are not what was backed up. */
async function unlike(databases: readonly Tiny[], { restores }: Orders): Promise<string[]> {
  const wrong: string[] = [];
  for (const { id, db_name } of restores) {
    const source = databases.find((each) => db_name.startsWith(each.db_name));
    if (source === undefined) throw new Error(`${db_name} is nobody's copy`);
    await using restored = await connect(source, db_name);
    const rows = await restored.query("SELECT count(*) AS count, min(name) AS name FROM things");
    if (String(rows[0]?.["count"]) !== String(ROWS) || rows[0]?.["name"] !== `thing 1 of ${source.db_name}`) wrong.push(`restore ${id} has made ${JSON.stringify(rows)}`);
  }
  return wrong;
}

async function dropFrom(servers: readonly ServerInfo[], db_name: string): Promise<void> {
  for (const server of servers) {
    await using admin = await connect(server);
    await admin.query(`DROP DATABASE IF EXISTS ${quoteName(server.engine, db_name)}`);
  }
}
