import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Backup } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty } from "../../ui/problem.tsx";

const AT_ONCE = 50;
const MOST = 200;

/** The versions of a database on a line of time, the newest first: one of them is chosen. */
export function VersionList(props: { database_id: number; chosen: number | undefined; onChoose: (id: number) => void }) {
  const [shown, setShown] = createSignal(AT_ONCE);
  const [search, setSearch] = createSignal("");
  const [before, setBefore] = createSignal("");
  createEffect(on(() => props.database_id, () => { setShown(AT_ONCE); setSearch(""); setBefore(""); }, { defer: true }));
  const [database_id, per_page] = [createMemo(() => String(props.database_id)), () => String(Math.min(MOST, shown()))];
  const data = createData(
    () => ({ database_id: database_id(), per_page: per_page(), ...(before() === "" ? {} : { until: new Date(before()).toISOString() }) }),
    (asked) => ask(api.backups.$get({ query: { ...asked, status: "completed" } })), ["backup"],
  );
  const found = createMemo(() => new Map((data.value()?.backups ?? []).filter((backup) => textOf(backup).toLowerCase().includes(search().trim().toLowerCase())).map((backup) => [backup.id, backup])));
  return (
    <div class="versions">
      <div class="version-search">
        <TextField type="search" name="search" label={t().restores.searchVersions} value={search()} onInput={setSearch} placeholder={t().restores.searchHint} />
        <TextField type="datetime-local" name="before" label={t().restores.before} value={before()} onInput={setBefore} />
      </div>
      <Loaded of={data} lines={4}>{(value) => (
        <Show when={found().size > 0} fallback={<Empty title={value().backups.length === 0 && before() === "" ? t().restores.noVersions : t().restores.noVersionFits} />}>
          <fieldset class="version-line">
            <legend class="hidden">{t().restores.version}</legend>
            <For each={[...found().keys()]}>{(id) => <Show when={found().get(id)}>{(backup) => <Version backup={backup()} chosen={id === props.chosen} onChoose={() => props.onChoose(id)} />}</Show>}</For>
            <Show when={value().pagination.total > shown() && shown() < MOST}><Button look="quiet" onClick={() => setShown(shown() * 4)} busy={data.loading()}>{t().restores.older}</Button></Show>
          </fieldset>
        </Show>
      )}</Loaded>
    </div>
  );
}

function Version(props: { backup: Backup; chosen: boolean; onChoose: () => void }) {
  return (
    <label class="version" classList={{ "version-lost": isLost(props.backup) }}>
      <input type="radio" name="version" checked={props.chosen} disabled={isLost(props.backup)} onChange={() => props.onChoose()} />
      <span class="version-text">
        <span class="strong">{f().moment(props.backup.created_at)}</span>
        <span class="dim small">{f().ago(props.backup.created_at)}{props.backup.raw_size === null ? "" : ` · ${f().bytes(props.backup.raw_size)}`} · #{props.backup.id}</span>
      </span>
      <VersionMarks backup={props.backup} />
    </label>
  );
}

/** What speaks for and against a version: proved, encrypted, damaged, why it was made. */
export function VersionMarks(props: { backup: Backup }) {
  return (
    <span class="version-marks">
      <Show when={isLost(props.backup)}><span class="version-mark bad"><Icon name="alert" size={14} />{t().restores.damaged}</span></Show>
      <Show when={props.backup.verified_at !== null}><span class="version-mark good"><Icon name="shieldCheck" size={14} />{t().restores.proved}</span></Show>
      <Show when={props.backup.encrypted}><span class="version-mark dim"><Icon name="key" size={14} />{t().backups.encrypted}</span></Show>
      <Tag title={t().triggerHints[props.backup.trigger]}>{t().triggers[props.backup.trigger]}</Tag>
    </span>
  );
}

/** Was it found damaged or missing? Then it is not offered. */
export const isLost = ({ integrity }: Backup): boolean => integrity.state === "damaged" || integrity.state === "missing";

const textOf = (backup: Backup): string => [`#${backup.id}`, f().exact(backup.created_at), f().moment(backup.created_at), backup.created_at, t().triggers[backup.trigger]].join(" ");
