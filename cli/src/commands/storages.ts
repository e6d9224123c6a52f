import type { InferResponseType } from "hono/client";
import { ask, type Api } from "../api.ts";
import { bytes, duration, table, time } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

type Storage = InferResponseType<Api["api"]["storages"]["$get"], 200>["storages"][number];

export function addStorages(root: Root, world: () => World): void {
  const { t } = world();
  const storages = root.command("storages").description(t.commands.storages).action(() => list(world()));
  storages.command("test").description(t.commands.storagesTest).argument("<storage>", t.args.storage)
    .option("--group <name>", t.options.testGroup).action((name, { group }) => test(world(), name, group));
}

/** The storage that is meant by a name or an id. */
export async function findStorage(api: Api, text: string, t: World["t"]): Promise<Storage> {
  const { storages } = await ask(api.api.storages.$get({ query: {} }));
  const found = storages.find(({ id, name }) => name === text || String(id) === text);
  if (found === undefined) throw new Problem(EXIT.failed, t.noStorage(text), { hint: t.hints.storages });
  return found;
}

async function list(world: World): Promise<void> {
  const { t } = world;
  const h = t.heads;
  const api = await world.api();
  const found = await ask(api.api.storages.$get({ query: {} }));
  world.show(found, () => table([h.id, h.storage, h.type, h.target, h.copies, h.size, h.used, h.free, h.seen], found.storages.flatMap((each) => rowsOf(each, t))));
}

/** Has an executor write, read, list and delete a small object there. */
async function test(world: World, text: string, group: string | undefined): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const { id, name } = await findStorage(api, text, t);
  const found = await ask(api.api.storages[":id"].test.$post({ param: { id: String(id) }, query: {}, json: group === undefined ? {} : { group } }));
  world.show(found, () => found.steps.map(({ step, ok, elapsed_ms, note }) => `${t.stepResult(ok)}  ${name}: ${t.storageSteps[step]} (${note ?? duration(elapsed_ms, t)})`));
  if (found.ok) return;
  process.exitCode = EXIT.failed;
  world.say(found.error);
  if (found.hint !== undefined) world.say(t.hint(found.hint));
}

/** A row for each group of executors that looked at it: a local storage is another disk for each. */
function rowsOf({ id, name, type, target, copies, status }: Storage, t: World["t"]): (string | number | null)[][] {
  const what = [id, name, type, target, copies.count, bytes(copies.bytes, t)];
  if (status.length === 0) return [[...what, null, null, null]];
  return status.map(({ used_percent, free_bytes, checked_at }) => [...what, percent(used_percent, t), bytes(free_bytes, t), time(checked_at, t)]);
}

export function percent(value: number | null, { locale }: World["t"]): string | null {
  return value === null ? null : `${value.toLocaleString(locale, { maximumFractionDigits: 0 })} %`;
}
