import { A } from "@solidjs/router";
import { createEffect, createMemo, For, Show } from "solid-js";
import { scope } from "../../api/scope.ts";
import type { Backup, Progress } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Ago } from "../../ui/time.tsx";
import { createProgress } from "./live.ts";
import { Signs } from "./proof.tsx";
import type { Selection } from "./selection.ts";
import { StatusBadge } from "./status.tsx";
import "../../ui/table.css";

/** One page of backups; each can be selected. Those that run show how fast. */
export function BackupTable(props: { backups: readonly Backup[]; selection: Selection }) {
  const words = () => t().backups;
  const live = createProgress();
  // Rows by their ids: what is focused stays while their backups change.
  const byId = createMemo(() => new Map(props.backups.map((backup) => [backup.id, backup])));
  const ids = createMemo(() => [...byId().keys()]);
  const all = (): boolean => props.backups.every(({ id }) => props.selection.has(id));
  return (
    <table class="table backup-table">
      <thead>
        <tr>
          <th scope="col" class="pick"><input type="checkbox" aria-label={words().selectAll} checked={all()} ref={(box) => createEffect(() => { box.indeterminate = !all() && props.backups.some(({ id }) => props.selection.has(id)); })} onChange={() => props.selection.set(props.backups, !all())} /></th>
          <th scope="col">{words().database}</th><th scope="col">{words().status}</th><th scope="col">{words().trigger}</th>
          <th scope="col" class="end">{words().size}</th><th scope="col" class="end">{words().took}</th><th scope="col" class="end">{words().made}</th>
        </tr>
      </thead>
      <tbody>
        <For each={ids()}>{(id) => {
          const backup = createMemo<Backup>((before) => byId().get(id) ?? before, byId().get(id)!); // a row that is leaving stays what it was
          return <Row backup={backup()} selection={props.selection} progress={live(id) ?? backup().progress} />;
        }}</For>
      </tbody>
    </table>
  );
}

function Row(props: { backup: Backup; selection: Selection; progress: Progress | null }) {
  const words = () => t().backups;
  const named = (): string => `${props.backup.database_name} #${props.backup.id}`;
  return (
    <tr classList={{ picked: props.selection.has(props.backup.id) }}>
      <td class="pick"><input type="checkbox" aria-label={words().select(named())} checked={props.selection.has(props.backup.id)} onChange={(event) => props.selection.set([props.backup], event.currentTarget.checked)} /></td>
      <td class="whole">
        <A href={`/backups/${props.backup.id}`} class="wrap">{props.backup.database_name} <span class="dim">#{props.backup.id}</span></A> <Tag>{t().engines[props.backup.type]}</Tag><Signs backup={props.backup} />
        <Show when={scope() === "all"}><p class="dim small wrap">{props.backup.user_email}</p></Show>
      </td>
      <td data-label={words().status} classList={{ whole: props.backup.status === "running" }}>
        <Show when={props.backup.status === "running"} fallback={<><StatusBadge status={props.backup.status} /><Show when={props.backup.status === "failed" ? props.backup.error_code : null}>{(code) => <p class="dim small why">{t().errors.codes[code()]}</p>}</Show></>}><JobProgress begun label={named()} progress={props.progress} /></Show>
      </td>
      <td data-label={words().trigger}><Tag title={t().triggerHints[props.backup.trigger]}>{t().triggers[props.backup.trigger]}</Tag></td>
      <td class="end" classList={{ blank: props.backup.size === null }} data-label={words().size}>{props.backup.size === null ? "–" : f().bytes(props.backup.size)}</td>
      <td class="end" classList={{ blank: props.backup.duration_ms === null }} data-label={words().took}>{props.backup.duration_ms === null ? "–" : f().duration(props.backup.duration_ms)}</td>
      <td class="end dim" data-label={words().made}><Ago at={props.backup.created_at} /></td>
    </tr>
  );
}
