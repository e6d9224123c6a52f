import { setTimeout as pause } from "node:timers/promises";
import type { InferResponseType } from "hono/client";
import { ask, type Api } from "../api.ts";
import { patiently } from "../follow.ts";
import { EXIT } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";
import { findStorage } from "./storages.ts";

type Scan = InferResponseType<Api["api"]["storages"][":id"]["scans"][":scan_id"]["$get"], 200>["scan"];

const LOOK_EVERY_MS = 500;

export function addScan(root: Root, world: () => World): void {
  const { t } = world();
  root.command("scan").description(t.commands.scan).argument("<storage>", t.args.storage)
    .option("--group <name>", t.options.group).option("--wait", t.options.waitScan, true).option("--no-wait", t.options.noWaitScan)
    .action((storage, options) => scan(world(), storage, options));
}

/** Takes up what lies in a storage and the catalog does not know. Ctrl-C only stops looking at it. */
async function scan(world: World, name: string, { group, wait }: { readonly group?: string; readonly wait: boolean }): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const id = String((await findStorage(api, name, t)).id);
  const { scan: first } = await ask(api.api.storages[":id"].scan.$post({ param: { id }, query: {}, json: group === undefined ? {} : { executor_group: group } }));
  const ended = wait ? await watch(world, api, id, first) : first;
  for (const { key, problem } of ended.problems) world.say(t.warning(`${key}: ${problem}`));
  if (ended.status === "failed") {
    process.exitCode = EXIT.failed;
    world.say(`${t.scanOf(ended.storage)}: ${t.status.failed}: ${ended.error_msg ?? ""}`);
    if (ended.error_hint !== null) world.say(t.hint(ended.error_hint));
  }
  world.show({ scan: ended }, () => [`${t.scanOf(ended.storage)}: ${t.status[ended.status]}, ${findings(ended, t)}`]);
}

async function watch(world: World, api: Api, id: string, first: Scan): Promise<Scan> {
  const { t, terminal, json } = world;
  const look = async () => (await ask(api.api.storages[":id"].scans[":scan_id"].$get({ param: { id, scan_id: String(first.id) }, query: {} }))).scan;
  let seen = first;
  while (seen.status === "running") {
    if (terminal.live && !json) terminal.draw([`${t.scanOf(seen.storage)}: ${findings(seen, t)}`]);
    await pause(LOOK_EVERY_MS);
    seen = await patiently(look);
  }
  return seen;
}

function findings({ artifacts, adopted, left_out }: Scan, t: World["t"]): string {
  return t.scanned(artifacts, adopted.backups, adopted.copies, adopted.databases, left_out);
}
