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
    .option("--password-file <file>", t.options.passwordFile).action((name, url, options) => add(world(), name, url, options.passwordFile));
  databases.command("test").description(t.commands.databasesTest).argument("<database>", t.args.database).action((name) => test(world(), name));
}

async function list(world: World): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const found = await ask(api.api.databases.$get({ query: {} }));
  world.show(found, () => table(
    [t.heads.id, t.heads.name, t.heads.type, t.heads.server, t.heads.database, t.heads.encrypted],
    found.databases.map((each) => [each.id, each.name, each.type, `${each.host}:${each.port}`, each.db_name, t.yesNo(each.encryption_key_id !== null)]),
  ));
}

/** Registers a database. A connection string without a password gets the one that is typed, or in the file. */
async function add(world: World, name: string, url: string, passwordFile: string | undefined): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const whole = await withPassword(world, url, passwordFile);
  const made = await ask(api.api.databases.$post({ query: {}, json: { name, url: whole } }));
  world.show(made, () => [t.databaseAdded(made.database.name, made.database.id)]);
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
