import type { InferResponseType } from "hono/client";
import { ask, type Api } from "../api.ts";
import { bytes, table, time } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

type Storage = InferResponseType<Api["api"]["storages"]["$get"], 200>["storages"][number];

export function addStorages(root: Root, world: () => World): void {
  root.command("storages").description(world().t.commands.storages).action(() => list(world()));
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

/** A row for each group of executors that looked at it: a local storage is another disk for each. */
function rowsOf({ id, name, type, target, copies, status }: Storage, t: World["t"]): (string | number | null)[][] {
  const what = [id, name, type, target, copies.count, bytes(copies.bytes, t)];
  if (status.length === 0) return [[...what, null, null, null]];
  return status.map(({ used_percent, free_bytes, checked_at }) => [...what, percent(used_percent, t), bytes(free_bytes, t), time(checked_at, t)]);
}

export function percent(value: number | null, { locale }: World["t"]): string | null {
  return value === null ? null : `${value.toLocaleString(locale, { maximumFractionDigits: 0 })} %`;
}
