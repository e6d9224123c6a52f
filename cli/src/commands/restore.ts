import { ask, type Api, type Backup, type Restore } from "../api.ts";
import { follow, tellEnd } from "../follow.ts";
import { findDatabase, parseId, parseNumber } from "../names.ts";
import { bytes, time } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";
import { getBackup } from "./backup.ts";

interface Options {
  readonly to?: string; readonly as?: string; readonly confirm?: string; readonly identityFile?: string; readonly delay: number; readonly safetyBackup: boolean;
}

/** Where a restore goes: a registered database's server, and the name there. */
interface Target { readonly database_id: number; readonly server: string; readonly db_name: string; readonly in_place: boolean }

export function addRestore(root: Root, world: () => World): void {
  const { t } = world();
  root.command("restore").description(t.commands.restore).argument("<backup>", t.args.backup, parseId)
    .option("--to <database>", t.options.to).option("--as <name>", t.options.as)
    .option("--confirm <name>", t.options.confirm).option("--identity-file <file>", t.options.identityFile)
    .option("--delay <seconds>", t.options.delay, parseNumber(0, 3600), 10).option("--no-safety-backup", t.options.noSafetyBackup)
    .action((id, options) => restore(world(), id, options));
}

/** Shows what a restore would do, has it confirmed by name, and follows it. Ctrl-C cancels it. */
async function restore(world: World, id: string, options: Options): Promise<void> {
  const { t, terminal } = world;
  if (options.confirm === undefined && !terminal.interactive) throw new Problem(EXIT.usage, t.noTerminal, { hint: t.hints.confirm });
  const api = await world.api();
  const backup = await getBackup(api, id);
  const target = await findTarget(api, backup, options, t);
  const identity = options.identityFile === undefined ? undefined : await terminal.fileText(options.identityFile);
  for (const line of await planOf(api, backup, target, { ...options, identity }, t)) world.say(line);
  const confirm = options.confirm ?? await terminal.ask(t.askTarget(target.db_name));
  if (confirm !== target.db_name) throw new Problem(EXIT.failed, t.notConfirmed(confirm, target.db_name), { hint: t.hints.nothingRestored });
  const first = await order(api, id, target, { ...options, confirm, identity });
  if (first.note !== "") world.say(first.note);
  const label = t.restoreTo(first.id, target.db_name);
  const [ended] = await follow(world, api, [{ label, first, look: () => getRestore(api, first.id) }]);
  const last = ended ?? first;
  tellEnd(world, label, last);
  for (const { message } of last.warnings) world.say(t.warning(message));
  if (world.json) world.show({ restore: last }, () => []);
  if (last.status !== "completed") process.exitCode = EXIT.failed;
}

async function findTarget(api: Api, backup: Backup, { to, as }: Options, t: World["t"]): Promise<Target> {
  const database = await findDatabase(api, to ?? String(backup.database_id), t).catch((error: unknown) => {
    if (to !== undefined || !(error instanceof Problem) || error.exit !== EXIT.failed) throw error;
    throw new Problem(EXIT.failed, t.unregistered(backup.id), { hint: t.hints.to });
  });
  const db_name = as ?? database.db_name;
  return { database_id: database.id, server: `${database.host}:${database.port}`, db_name, in_place: db_name === database.db_name };
}

/** What is there, what comes instead, and what to know before. */
async function planOf(api: Api, backup: Backup, { database_id, server, db_name, in_place }: Target, { safetyBackup, identity }: Pick<Options, "safetyBackup"> & { readonly identity: string | undefined }, t: World["t"]): Promise<string[]> {
  const { plan: { target, obstacles, warnings } } = await ask(api.api.backups[":id"].restore.plan.$post({
    param: { id: String(backup.id) }, query: {},
    json: { target: { database_id, db_name }, ...(safetyBackup ? {} : { safety_backup: false }), ...(identity === undefined ? {} : { identity }) },
  }));
  const size = backup.raw_size ?? backup.size;
  return [
    t.planBackup(backup.id, backup.database_name, time(backup.created_at, t), bytes(size, t), backup.contents?.tables.length ?? 0, backup.server ?? "?"),
    in_place ? t.planInPlace(db_name, server) : t.planNew(db_name, server),
    ...(target.server === null ? [] : [target.exists === true ? t.planReplaced(target.server, target.tables ?? 0, bytes(target.size_bytes, t)) : t.planServer(target.server)]),
    ...[...obstacles, ...warnings].map(({ message }) => t.warning(message)),
  ];
}

async function order(api: Api, id: string, target: Target, options: Options & { readonly confirm: string; readonly identity: string | undefined }): Promise<Restore> {
  const { restore: ordered } = await ask(api.api.backups[":id"].restore.$post({
    param: { id }, query: {},
    json: {
      confirm: options.confirm, delay_s: options.delay, target: { database_id: target.database_id, db_name: target.db_name },
      ...(options.safetyBackup ? {} : { safety_backup: false }), ...(options.identity === undefined ? {} : { identity: options.identity }),
    },
  }));
  return ordered;
}

async function getRestore(api: Api, id: number): Promise<Restore> {
  return (await ask(api.api.restores[":id"].$get({ param: { id: String(id) }, query: {} }))).restore;
}
