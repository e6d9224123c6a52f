import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { ask, type Api, type Backup, type Database } from "../api.ts";
import { follow, tellEnd } from "../follow.ts";
import { pick } from "../names.ts";
import { bytes } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

interface Options {
  readonly all?: true; readonly wait: boolean; readonly storage?: string[]; readonly format?: "custom" | "sql"; readonly compression?: "zstd" | "gzip" | "zip" | "none";
  readonly jobs?: "auto" | number; readonly globals?: true;
}

export function addBackup(root: Root, world: () => World): void {
  const { t } = world();
  root.command("backup").description(t.commands.backup).argument("[databases...]", t.args.databases)
    .option("--all", t.options.all).option("--storage <names>", t.options.storage, (names: string) => names.split(","))
    .addOption(new Option("--format <format>", t.options.format).choices(["custom", "sql"] as const))
    .addOption(new Option("--compression <compression>", t.options.compression).choices(["zstd", "gzip", "zip", "none"] as const))
    .option("--jobs <count>", t.options.jobs, parseJobs).option("--globals", t.options.globals)
    .option("--wait", t.options.wait, true).option("--no-wait", t.options.noWait)
    .action((names, options) => backup(world(), names, options));
}

function parseJobs(text: string): "auto" | number {
  if (text !== "auto" && !/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("");
  return text === "auto" ? "auto" : Number(text);
}

/** Backs databases up. One that cannot be ordered does not keep the others from it. */
async function backup(world: World, names: readonly string[], options: Options): Promise<void> {
  const { t } = world;
  if ((names.length === 0) !== (options.all === true)) throw new Problem(EXIT.usage, t.whichDatabases);
  const api = await world.api();
  const { databases } = await ask(api.api.databases.$get({ query: {} }));
  const chosen = options.all === true ? databases : [...new Set(names.map((name) => pick(databases, name, t)))];
  if (chosen.length === 0) throw new Problem(EXIT.failed, t.nothingToBackUp);
  const ordered = await orderAll(world, api, chosen, options);
  const ended = options.wait ? await follow(world, api, ordered.map((first) => ({ label: labelOf(first, t), first, look: () => getBackup(api, first.id) }))) : ordered;
  for (const each of ended) {
    if (options.wait) tellBackup(world, each);
    else if (!world.json) world.terminal.result(t.ordered(labelOf(each, t)));
  }
  if (world.json) world.show({ backups: ended }, () => []);
  if (options.wait && ended.some(({ status }) => status !== "completed")) process.exitCode = EXIT.failed;
}

/** A completed backup may lack copies, which is not what was asked for. */
function tellBackup(world: World, made: Backup): void {
  const { t } = world;
  tellEnd(world, labelOf(made, t), made, [bytes(made.size, t)]);
  if (made.status !== "completed") return;
  for (const { storage, state, detail } of made.copies) {
    if (state !== "good") world.say(t.warning(`${storage}: ${t.integrity[state]}${detail === null ? "" : ` (${detail})`}`));
  }
}

async function orderAll(world: World, api: Api, databases: readonly Database[], { storage: storages, format, compression, jobs, globals }: Options): Promise<Backup[]> {
  const json = { ...(jobs === undefined ? {} : { jobs }), ...(globals === undefined ? {} : { globals }), ...(storages === undefined ? {} : { storages }), ...(format === undefined ? {} : { format }), ...(compression === undefined ? {} : { compression }) };
  const ordered: Backup[] = [];
  for (const { id, name } of databases) {
    try {
      ordered.push((await ask(api.api.backups.database[":id"].$post({ param: { id: String(id) }, query: {}, json }))).backup);
    } catch (error) {
      if (!(error instanceof Problem) || error.exit !== EXIT.failed) throw error;
      process.exitCode = EXIT.failed;
      world.terminal.note(world.t.notOrdered(name, error.message));
      if (error.hint !== undefined) world.terminal.note(world.t.hint(error.hint));
    }
  }
  return ordered;
}

export function labelOf({ id, database_name }: Backup, t: World["t"]): string {
  return t.backupOf(id, database_name);
}

export async function getBackup(api: Api, id: number | string): Promise<Backup> {
  return (await ask(api.api.backups[":id"].$get({ param: { id: String(id) }, query: {} }))).backup;
}
