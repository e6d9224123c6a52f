import { ask, type Api, type Server } from "../api.ts";
import { pickNamed } from "../names.ts";
import { bytes, table, time } from "../output.ts";
import { withPassword } from "../password.ts";
import { EXIT } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

/** Servers whose databases are followed. */
export function addServers(root: Root, world: () => World): void {
  const { t } = world();
  const servers = root.command("servers").description(t.commands.servers).action(() => list(world()));
  servers.command("add").description(t.commands.serversAdd).argument("<name>", t.args.newServer).argument("<url>", t.args.serverUrl)
    .option("--include <pattern>", t.options.include, another).option("--exclude <pattern>", t.options.exclude, another)
    .option("--group <name>", t.options.databaseGroup).option("--cron <times>", t.options.cron).option("--timezone <name>", t.options.timezone)
    .option("--password-file <file>", t.options.passwordFile).action((name, url, options) => add(world(), name, url, options));
  servers.command("show").description(t.commands.serversShow).argument("<server>", t.args.server).action((server) => show(world(), server));
  servers.command("databases").description(t.commands.serversDatabases).argument("<server>", t.args.server).action((server) => found(world(), server));
  servers.command("remove").description(t.commands.serversRemove).argument("<server>", t.args.server)
    .option("--databases", t.options.unregister).option("--yes", t.options.yes).action((server, options) => remove(world(), server, options));
}

/** An option that may be said several times. */
function another(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

async function findServer(api: Api, text: string, t: World["t"]): Promise<Server> {
  const { servers } = await ask(api.api.servers.$get({ query: {} }));
  return pickNamed(servers, text, { none: t.noServer, hint: t.hints.servers, several: t.severalServers });
}

async function list(world: World): Promise<void> {
  const { t } = world;
  const h = t.heads;
  const api = await world.api();
  const all = await ask(api.api.servers.$get({ query: {} }));
  world.show(all, () => table(
    [h.id, h.name, h.type, h.server, h.databases, h.gone, h.looked, h.problem],
    all.servers.map((each) => [each.id, each.name, each.type, `${each.host}:${each.port}`, each.database_count, each.missing_count, time(each.last_sync?.at ?? null, t), each.last_sync?.problem?.message ?? null]),
  ));
}

interface AddOptions {
  readonly include?: string[] | undefined; readonly exclude?: string[] | undefined;
  readonly cron?: string | undefined; readonly timezone?: string | undefined; readonly passwordFile?: string | undefined;
  readonly group?: string | undefined;
}

/** Registers a server and what is on it. One that cannot be asked is registered all the same, which is said. */
async function add(world: World, name: string, url: string, { include, exclude, cron, timezone, passwordFile, group }: AddOptions): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const whole = await withPassword(world, url, passwordFile);
  const schedule = cron === undefined ? undefined : { cron, timezone };
  const made = await ask(api.api.servers.$post({ query: {}, json: { name, url: whole, include, exclude, schedule, executor_group: group } }));
  const problem = made.server.last_sync?.problem ?? null;
  if (problem !== null) sayNotAsked(world, name, problem.message, problem.hint);
  world.show(made, () => [t.serverAdded(name, made.server.id, made.databases.length)]);
}

function sayNotAsked(world: World, name: string, message: string, hint: string | undefined): void {
  world.say(world.t.notAsked(name, message));
  if (hint !== undefined) world.say(world.t.hint(hint));
}

async function show(world: World, text: string): Promise<void> {
  const { t } = world;
  const h = t.heads;
  const api = await world.api();
  const { id } = await findServer(api, text, t);
  const known = await ask(api.api.servers[":id"].$get({ param: { id: String(id) }, query: {} }));
  world.show(known, () => [...factsOf(known.server, t), "", ...table(
    [h.id, h.database, h.encrypted, h.gone], known.databases.map((each) => [each.id, each.db_name, t.yesNo(each.encryption_key_id !== null), time(each.missing_since, t)]),
  )]);
}

function factsOf({ id, name, type, host, port, username, include, exclude, schedule, last_sync }: Server, t: World["t"]): string[] {
  const h = t.heads;
  const facts: (readonly [string, string | null])[] = [
    [h.id, String(id)], [h.name, name], [h.type, type], [h.server, `${host}:${port}`], [h.user, username], [h.include, include.join(", ")], [h.exclude, exclude.join(", ") || null],
    [h.schedule, schedule === null ? null : `${schedule.cron} ${schedule.timezone}`], [h.looked, time(last_sync?.at ?? null, t)], [h.problem, last_sync?.problem?.message ?? null],
  ];
  const width = Math.max(...facts.map(([head]) => head.length));
  return facts.flatMap(([head, value]) => (value === null ? [] : [`${head.padEnd(width)}  ${value}`]));
}

/** Has an executor ask the server what is on it now. */
async function found(world: World, text: string): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const { id, name } = await findServer(api, text, t);
  const answer = await ask(api.api.servers[":id"].test.$post({ param: { id: String(id) }, query: {}, json: {} }));
  if (!answer.ok) {
    process.exitCode = EXIT.failed;
    sayNotAsked(world, name, answer.error, answer.hint);
    return world.show(answer, () => []);
  }
  const { server, databases } = answer;
  world.say(t.serverHas(server, databases.filter(({ taken }) => taken).length, databases.length));
  world.show(answer, () => table(
    [t.heads.database, t.heads.size, t.heads.followed, t.heads.reason],
    databases.map((each) => [each.name, bytes(each.size_bytes, t), t.yesNo(each.taken), each.left_because === null ? null : t.leftBecause[each.left_because]]),
  ));
}

async function remove(world: World, text: string, { databases = false, yes = false }: { readonly databases?: boolean; readonly yes?: boolean }): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const { id, name, database_count } = await findServer(api, text, t);
  await world.agree(t.askRemoveServer(name, database_count, databases), yes);
  const answer = await ask(api.api.servers[":id"].$delete({ param: { id: String(id) }, query: databases ? { databases: "true" } : {} }));
  world.show(answer, () => [t.serverRemoved(name, database_count, databases)]);
}
