import { Option } from "@commander-js/extra-typings";
import { ask, type Api, type Status } from "../api.ts";
import { findDatabase, parseNumber } from "../names.ts";
import { bytes, table, time } from "../output.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

const STATUSES = ["pending", "running", "completed", "failed", "canceled"] as const satisfies readonly Status[];

interface Options { readonly status?: Status; readonly limit: number; readonly page: number }

export function addList(root: Root, world: () => World): void {
  const { t } = world();
  root.command("list").description(t.commands.list).argument("[database]", t.args.database)
    .addOption(new Option("--status <status>", t.options.status).choices(STATUSES))
    .option("--limit <n>", t.options.limit, parseNumber(1, 200), 20).option("--page <n>", t.options.page, parseNumber(1, 1_000_000), 1)
    .action((database, options) => list(world(), database, options));
}

/** The newest backups. A database that was unregistered is found by its id. */
async function list(world: World, database: string | undefined, { status, limit, page }: Options): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const query = { per_page: String(limit), page: String(page), ...(status === undefined ? {} : { status }) };
  const found = database === undefined
    ? await ask(api.api.backups.$get({ query }))
    : await ask(api.api.backups.database[":id"].$get({ param: { id: await idOf(api, database, t) }, query }));
  const h = t.heads;
  world.show(found, () => [...table(
    [h.id, h.database, h.status, h.size, h.made, h.integrity, h.proved, h.pinned],
    found.backups.map((each) => [
      each.id, each.database_name, t.status[each.status], bytes(each.size, t), time(each.created_at, t), t.integrity[each.integrity.state], time(each.verified_at, t), each.pinned ? t.yesNo(true) : "",
    ]),
  ), ...(found.pagination.total > found.backups.length ? [t.shownOf(found.backups.length, found.pagination.total)] : [])]);
}

async function idOf(api: Api, text: string, t: World["t"]): Promise<string> {
  return /^\d+$/.test(text) ? text : String((await findDatabase(api, text, t)).id);
}
