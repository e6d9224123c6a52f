import { ask } from "../api.ts";
import { findDatabase } from "../names.ts";
import { bytes, table } from "../output.ts";
import { withPassword } from "../password.ts";
import { EXIT } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

export function addDatabases(root: Root, world: () => World): void {
  const { t } = world();
  const databases = root.command("databases").description(t.commands.databases).action(() => list(world()));
  databases.command("add").description(t.commands.databasesAdd).argument("<name>", t.args.newName).argument("<url>", t.args.url)
    .option("--password-file <file>", t.options.passwordFile).option("--group <name>", t.options.databaseGroup).action((name, url, options) => add(world(), name, url, options));
  databases.command("move").description(t.commands.databasesMove).argument("<database>", t.args.database).argument("<group>", t.args.group).action((name, group) => move(world(), name, group));
  databases.command("test").description(t.commands.databasesTest).argument("<database>", t.args.database).action((name) => test(world(), name));
}

async function list(world: World): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const found = await ask(api.api.databases.$get({ query: {} }));
  world.show(found, () => table(
    [t.heads.id, t.heads.name, t.heads.type, t.heads.server, t.heads.database, t.heads.group, t.heads.encrypted],
    found.databases.map((each) => [each.id, each.name, each.type, `${each.host}:${each.port}`, each.db_name, each.executor_group, t.yesNo(each.encryption_key_id !== null)]),
  ));
}

/** Registers a database. A connection string without a password gets the one that is typed, or in the file. */
async function add(world: World, name: string, url: string, { passwordFile, group }: { readonly passwordFile?: string; readonly group?: string }): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const whole = await withPassword(world, url, passwordFile);
  const made = await ask(api.api.databases.$post({ query: {}, json: { name, url: whole, ...(group === undefined ? {} : { executor_group: group }) } }));
  world.show(made, () => [t.databaseAdded(made.database.name, made.database.id)]);
  for (const { message } of made.warnings) world.say(t.warning(message));
}

/** Has other executors reach it from now on. */
async function move(world: World, text: string, group: string): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const { id } = await findDatabase(api, text, t);
  const moved = await ask(api.api.databases[":id"].$put({ param: { id: String(id) }, query: {}, json: { executor_group: group } }));
  world.show(moved, () => [t.databaseMoved(moved.database.name, moved.database.executor_group)]);
  for (const { message } of moved.warnings) world.say(t.warning(message));
}

async function test(world: World, text: string): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const { id, name } = await findDatabase(api, text, t);
  const found = await ask(api.api.databases[":id"].test.$post({ param: { id: String(id) }, query: {} }));
  if (found.ok) {
    const { server, size_bytes, tables, client, warnings } = found;
    world.show(found, () => [t.databaseTested(name, server, bytes(size_bytes, t), tables), `${client.name} ${client.version}`, ...warnings.map(({ message }) => t.warning(message))]);
    return;
  }
  process.exitCode = EXIT.failed;
  if (world.json) return world.show(found, () => []);
  world.say(found.error);
  if (found.hint !== undefined) world.say(t.hint(found.hint));
}
