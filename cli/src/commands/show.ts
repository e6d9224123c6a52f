import type { Backup } from "../api.ts";
import { parseId } from "../names.ts";
import { bytes, duration, time } from "../output.ts";
import type { Texts } from "../texts/texts.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";
import { getBackup } from "./backup.ts";

export function addShow(root: Root, world: () => World): void {
  const { t } = world();
  root.command("show").description(t.commands.show).argument("<backup>", t.args.backup, parseId).action((id) => show(world(), id));
}

async function show(world: World, id: string): Promise<void> {
  const backup = await getBackup(await world.api(), id);
  world.show({ backup }, () => linesOf(backup, world.t));
}

function linesOf(backup: Backup, t: Texts): string[] {
  const h = t.heads;
  const facts: (readonly [string, string | null])[] = [
    [h.backup, String(backup.id)], [h.database, `${backup.database_name} (${backup.database_id})`],
    [h.status, `${t.status[backup.status]}${backup.error_msg === null ? "" : `: ${backup.error_msg}`}`], [h.hint, backup.error_hint],
    [h.server, backup.server], [h.tool, backup.tool], [h.format, `${backup.format}, ${backup.compression}`], [h.encrypted, t.yesNo(backup.encrypted)],
    [h.file, backup.filename], [h.size, backup.size === null ? null : bytes(backup.size, t)], ["SHA-256", backup.sha256],
    [h.tables, backup.contents === null ? null : String(backup.contents.tables.length)],
    [h.made, time(backup.created_at, t)], [h.duration, backup.duration_ms === null ? null : duration(backup.duration_ms, t)],
    [h.copies, backup.copies.length === 0 ? null : backup.copies.map(({ storage, state, detail }) => `${storage}: ${t.integrity[state]}${detail === null ? "" : ` (${detail})`}`).join(", ")],
    [h.integrity, `${t.integrity[backup.integrity.state]}${backup.integrity.checked_at === null ? "" : `, ${time(backup.integrity.checked_at, t)}`}`],
    [h.proved, time(backup.verified_at, t)], [h.pinned, t.yesNo(backup.pinned)],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [...facts.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(width)}  ${value}`])), ...backup.warnings.map(({ message }) => t.warning(message))];
}
