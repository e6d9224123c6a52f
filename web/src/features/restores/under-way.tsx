import { Match, onCleanup, onMount, Show, Switch } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { ConfirmButton } from "../../ui/dialog.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Said } from "../../ui/said.tsx";
import { createProgress } from "../backups/live.ts";
import { may } from "../session/rights.ts";
import { CancelButton, cancelJob, cancelOrTell } from "./cancel.tsx";
import { Ring } from "./countdown.tsx";
import { createCountdown, createProgressOf } from "./live.ts";
import type { Restore } from "./types.ts";

/** A restore that is not over: the time in which it can be canceled for nothing, then how far it is. */
export function UnderWay(props: { restore: Restore }) {
  const left_ms = createCountdown(() => props.restore);
  const live = createProgressOf("restore_id");
  const saving = (): boolean => props.restore.status === "pending" && (props.restore.safety_status === "pending" || props.restore.safety_status === "running");
  return (
    <Switch>
      <Match when={props.restore.status === "pending" && left_ms() > 0}><Waits restore={props.restore} left_ms={left_ms()} /></Match>
      <Match when={saving()}><Saves restore={props.restore} /></Match>
      <Match when={true}>
        <div class="card working">
          <p class="working-title">{t().restores.loading(props.restore.target_db_name)}</p>
          <JobProgress begun={props.restore.status === "running"} label={t().restores.to(props.restore.target_db_name)} progress={live(props.restore.id) ?? props.restore.progress} />
          <p class="small dim"><Said text={props.restore.note} /></p>
          <Show when={may("operate", props.restore.user_id)}>
            <div><ConfirmButton icon="cross" title={t().restores.cancelTitle} text={<p>{t().restores.cancelText[props.restore.must_be_new ? "new" : props.restore.type === "postgresql" ? "untouched" : props.restore.safety_backup_id === null ? "lost" : "put_back"]}</p>} action={t().restores.cancel} onConfirm={() => cancelJob(props.restore.job_id)}>{t().restores.cancel}</ConfirmButton></div>
          </Show>
        </div>
      </Match>
    </Switch>
  );
}

function Waits(props: { restore: Restore; left_ms: number }) {
  const whole_ms = Date.parse(props.restore.starts_at) - Date.parse(props.restore.created_at);
  const says = (): string => t().restores[props.restore.must_be_new ? "willMake" : "willReplace"](props.restore.target_db_name, f().moment(props.restore.backup_created_at));
  onMount(() => {
    const onKey = (event: KeyboardEvent): void => { if (event.key === "Escape" && !event.repeat && may("operate", props.restore.user_id)) void cancelOrTell(props.restore.job_id); };
    document.addEventListener("keydown", onKey);
    onCleanup(() => document.removeEventListener("keydown", onKey));
  });
  return (
    <div class="card countdown" classList={{ "countdown-danger": !props.restore.must_be_new }}>
      <Ring left_ms={props.left_ms} of_ms={whole_ms} />
      <div class="countdown-text">
        <p class="working-title">{says()}</p>
        <p class="dim">{t().restores.stillNothing}</p>
        <p class="hidden" role="status">{t().restores.canStillCancel}</p>
        <Show when={may("operate", props.restore.user_id)}><div class="countdown-cancel"><CancelButton job_id={props.restore.job_id} look="main" /><span class="dim small">{t().restores.orEscape}</span></div></Show>
      </div>
    </div>
  );
}

function Saves(props: { restore: Restore }) {
  const live = createProgress();
  const backup = createData(() => props.restore.safety_backup_id, async (id) => (id === null ? undefined : (await ask(api.backups[":id"].$get({ param: { id: String(id) }, query: {} }))).backup), ["backup"]);
  return (
    <div class="card working">
      <p class="working-title">{t().restores.saving(props.restore.target_db_name)}</p>
      <JobProgress label={t().restores.safetyBackup} progress={live(props.restore.safety_backup_id ?? 0) ?? backup.value()?.progress ?? null} />
      <p class="small dim">{t().restores.stillNothing}</p>
      <Show when={may("operate", props.restore.user_id)}><div><CancelButton job_id={props.restore.job_id} /></div></Show>
    </div>
  );
}
