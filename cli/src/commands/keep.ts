import { ask } from "../api.ts";
import { parseId } from "../names.ts";
import { bytes, time } from "../output.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";
import { getBackup, labelOf } from "./backup.ts";

/** Which backups stay, by hand. */
export function addKeeping(root: Root, world: () => World): void {
  const { t } = world();
  root.command("pin").description(t.commands.pin).argument("<backup>", t.args.backup, parseId).action((id) => pin(world(), id, true));
  root.command("unpin").description(t.commands.unpin).argument("<backup>", t.args.backup, parseId).action((id) => pin(world(), id, false));
  root.command("delete").description(t.commands.delete).argument("<backup>", t.args.backup, parseId)
    .option("--yes", t.options.yes).action((id, { yes }) => remove(world(), id, yes === true));
}

async function pin(world: World, id: string, pinned: boolean): Promise<void> {
  const api = await world.api();
  const changed = await ask(api.api.backups[":id"].$put({ param: { id }, query: {}, json: { pinned } }));
  world.show(changed, () => [pinned ? world.t.isPinned(labelOf(changed.backup, world.t)) : world.t.isUnpinned(labelOf(changed.backup, world.t))]);
}

async function remove(world: World, id: string, yes: boolean): Promise<void> {
  const { t } = world;
  const api = await world.api();
  const backup = await getBackup(api, id);
  await world.agree(t.askDelete(labelOf(backup, t), bytes(backup.size, t), time(backup.created_at, t)), yes);
  const answer = await ask(api.api.backups[":id"].$delete({ param: { id }, query: {} }));
  world.show(answer, () => [t.isDeleted(labelOf(backup, t))]);
}
