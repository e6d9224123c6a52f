import { For, Show } from "solid-js";
import type { Backup, Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { said } from "../../i18n/said.ts";
import { SelectField, TextField } from "../../ui/field.tsx";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { may } from "../session/rights.ts";
import { KINDS, placesFor, serverOf, type Kind, type Target } from "./target.ts";

const ICONS: Record<Kind, IconName> = { own: "restore", other: "database", new: "plus" };

/** Where a restore goes: three ways, each saying what becomes of what is there. */
export function TargetPicker(props: { backup: Backup; databases: readonly Database[]; target: Target; error: string | undefined; onChange: (changed: Partial<Target>) => void }) {
  const places = () => placesFor(props.backup.type, props.backup.database_id, props.databases);
  const whole = (): boolean => may("manage", props.backup.user_id); // who only operates it brings it back where it came from
  const open = (kind: Kind): boolean => (kind !== "own" && !whole() ? false : kind === "own" ? places().own !== undefined : kind === "other" ? places().others.length > 0 : places().servers.length > 0);
  const detail = (kind: Kind): string => {
    if (kind !== "own" && !whole()) return t().restores.ownOnly;
    if (!open(kind)) return t().restores.kindClosed[kind];
    const own = places().own;
    return kind === "own" && own !== undefined ? t().restores.ownDetail(own.db_name, serverOf(own)) : t().restores.kindDetail[kind];
  };
  return (
    <div class="stack">
      <fieldset class="kinds">
        <legend class="hidden">{t().restores.target}</legend>
        <For each={KINDS}>{(kind) => (
          <label class={`kind kind-${kind}`}>
            <input type="radio" name="kind" value={kind} checked={props.target.kind === kind} disabled={!open(kind)} onChange={() => props.onChange({ kind })} />
            <span class="kind-icon"><Icon name={ICONS[kind]} size={18} /></span>
            <span><span class="strong">{t().restores.kinds[kind]}</span><span class="dim small wrap">{detail(kind)}</span></span>
          </label>
        )}</For>
      </fieldset>
      <Show when={props.target.kind === "other"}>
        <SelectField name="database_id" label={t().restores.otherDatabase} value={props.target.other_id} onChange={(other_id) => props.onChange({ other_id })}
          options={places().others.map((database) => ({ value: String(database.id), label: `${database.name} (${serverOf(database)}/${database.db_name})` }))} />
      </Show>
      <Show when={props.target.kind === "new"}>
        <div class="new-place">
          <TextField name="db_name" label={t().restores.newName} value={props.target.name} onInput={(name) => props.onChange({ name })} error={props.error === undefined ? undefined : said(props.error).text} mono required />
          <SelectField name="server" label={t().restores.server} value={props.target.server_id} onChange={(server_id) => props.onChange({ server_id })}
            options={places().servers.map((database) => ({ value: String(database.id), label: serverOf(database) }))} />
        </div>
      </Show>
    </div>
  );
}
