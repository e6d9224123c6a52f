import { freshDatabase, until } from "@safebase/testing";
import { startCatalogServer } from "../control/catalogs.ts";
import { measureCrowd, type CrowdFigures } from "../control/crowd.ts";
import { startPlant } from "../control/plant.ts";
import { measureWork, type WorkFigures } from "../control/work.ts";
import { DIALECTS, writeHistory, type Dialect, type History } from "../data/history.ts";
import type { Context } from "../lab.ts";

const HISTORY: History = { databases: 200, backups: 100_000, days: 400 };
const CLIENTS = 50;
const CROWD_MS = 20_000;
const TINY_DATABASES = 12;

/** What was asked of one set of processes. */
export interface ControlFigures {
  readonly dialect: Dialect;
  readonly gateways: number;
  readonly history: History;
  /** One command after the other; then many at once. */
  readonly alone: WorkFigures;
  readonly together: WorkFigures;
  readonly crowd: CrowdFigures;
}

/** SQLite holds one gateway, PostgreSQL several. */
const PLANTS: readonly (readonly [dialect: Dialect, gateways: number])[] = [...DIALECTS.map((dialect) => [dialect, 1] as const), ["postgresql", 2]];

/** The control plane alone: what a command costs when the dump costs next to nothing, and what a crowd waits for. */
export async function measureControl({ signal, say }: Context): Promise<ControlFigures[]> {
  await using server = await startCatalogServer();
  await using stack = new AsyncDisposableStack();
  const sources: string[] = [];
  for (let n = 0; n < TINY_DATABASES; n++) {
    const source = stack.use(await freshDatabase(server, "tiny"));
    await source.connection.query("CREATE TABLE things AS SELECT 1 AS id");
    sources.push(source.db_name);
  }
  const figures: ControlFigures[] = [];
  for (const [dialect, gateways] of PLANTS) {
    await using plant = await startPlant(dialect, gateways, server);
    const [client] = plant.clients, name = `control: ${dialect}, ${gateways} gateway${gateways === 1 ? "" : "s"}`;
    say(`${name}: writing ${HISTORY.backups} backups into the catalog …`);
    await writeHistory(plant.catalog_url, HISTORY);
    await until("the gateway to answer again", () => client!.call("GET", "/api/backups").then(() => true, () => false)); // its connections ended meanwhile
    const databases: number[] = [];
    for (const source of sources) databases.push(await client!.addDatabase(server, source));
    await plant.startExecutors();
    await measureWork(plant.clients, databases, { commands: TINY_DATABASES, at_once: 4 }, signal); // warm-up
    const alone = await measureWork(plant.clients, databases, { commands: 30, at_once: 1, one_by_one: true }, signal);
    const together = await measureWork(plant.clients, databases, { commands: 300, at_once: 16 }, signal);
    say(`${name}: ${(together.commands / together.elapsed_ms * 1000).toFixed(1)} commands a second`);
    await plant.stopExecutors();
    const crowd = await measureCrowd(plant.clients, { clients: CLIENTS, lasts_ms: CROWD_MS, databases, backups: HISTORY.backups }, signal);
    say(`${name}: ${Object.values(crowd.times_ms).reduce((sum, { length }) => sum + length, 0)} requests of ${CLIENTS} clients in ${CROWD_MS / 1000} s`);
    figures.push({ dialect, gateways, history: HISTORY, alone, together, crowd });
  }
  return figures;
}
