import type { InferResponseType } from "hono/client";
import { ask, type Api, type Database } from "../api.ts";
import { pick } from "../names.ts";
import { bytes, table, time } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

interface Options { readonly dryRun?: true; readonly yes?: true }

type Preview = InferResponseType<Api["api"]["retention"]["preview"]["$post"], 200>;
interface Plan { readonly database: Database; readonly preview: Preview }

export function addCleanUp(root: Root, world: () => World): void {
  const { t } = world();
  root.command("clean-up").description(t.commands.cleanUp).argument("[database]", t.args.database)
    .option("--dry-run", t.options.dryRun).option("--yes", t.options.yes)
    .action((database, options) => cleanUp(world(), database, options));
}

/** Deletes now what the saved retention would remove within the hour. */
async function cleanUp(world: World, name: string | undefined, options: Options): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const { databases } = await ask(api.api.databases.$get({ query: {} }));
  const chosen = name === undefined ? databases : [pick(databases, name, t)];
  const plans = await previewAll(api, chosen);
  const going = plans.flatMap(({ preview }) => preview.remove);
  const freed = bytes(plans.reduce((sum, { preview }) => sum + preview.freed_bytes, 0), t);
  const kept = plans.reduce((sum, { preview }) => sum + preview.keep.length, 0);
  if (options.dryRun === true || going.length === 0) {
    return world.show({ databases: plans.map(viewOf) }, () => [...linesOf(plans, t), t.wouldGo(going.length, freed, kept)]);
  }
  if (!world.json) for (const line of linesOf(plans, t)) world.terminal.result(line);
  await world.agree(t.askCleanUp(going.length, freed), options.yes === true);
  const deleted = await deleteAll(world, api, await stillGoing(api, plans));
  world.show({ databases: plans.map(viewOf), deleted }, () => [t.cleanedUp(deleted.length)]);
}

function previewAll(api: Api, databases: readonly Database[]): Promise<Plan[]> {
  return Promise.all(databases.map(async (database) => (
    { database, preview: await ask(api.api.retention.preview.$post({ query: {}, json: { database_id: database.id } })) }
  )));
}

/** Of what was agreed to, what would still go: while somebody thought, a backup may have become the last good one. */
async function stillGoing(api: Api, plans: readonly Plan[]): Promise<number[]> {
  const now = await previewAll(api, plans.map(({ database }) => database));
  const going = new Set(now.flatMap(({ preview }) => preview.remove.map(({ id }) => id)));
  return plans.flatMap(({ preview }) => preview.remove.map(({ id }) => id).filter((id) => going.has(id)));
}

/** The oldest first. One that cannot be deleted does not keep the others. */
async function deleteAll(world: World, api: Api, ids: readonly number[]): Promise<number[]> {
  const deleted: number[] = [];
  for (const id of ids.toSorted((one, other) => one - other)) {
    try {
      await ask(api.api.backups[":id"].$delete({ param: { id: String(id) }, query: {} }));
      deleted.push(id);
    } catch (error) {
      if (!(error instanceof Problem) || error.exit !== EXIT.failed) throw error;
      process.exitCode = EXIT.failed;
      world.terminal.note(error.message);
    }
  }
  return deleted;
}

function viewOf({ database: { id, name }, preview }: Plan) {
  return { id, name, ...preview };
}

function linesOf(plans: readonly Plan[], t: World["t"]): string[] {
  const h = t.heads;
  const rows = plans.flatMap(({ database, preview }) => preview.remove.map((each) => [each.id, database.name, time(each.created_at, t), bytes(each.size, t), each.reason]));
  return rows.length === 0 ? [] : table([h.id, h.database, h.made, h.size, h.reason], rows);
}
