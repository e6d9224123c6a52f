import { For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { Said } from "../../ui/said.tsx";
import { may } from "../session/rights.ts";
import type { Restore } from "./types.ts";

const ICONS: Partial<Record<Restore["status"], IconName>> = { completed: "check", failed: "alert", canceled: "cross" };

/** How a restore ended, what that means for the target, and what can be done next. */
export function Outcome(props: { restore: Restore }) {
  return (
    <div class="stack">
      <div class={`card outcome outcome-${props.restore.status}`} role="status">
        <span class="outcome-icon"><Icon name={ICONS[props.restore.status] ?? "info"} size={26} /></span>
        <div class="stack outcome-text">
          <div><p class="outcome-title wrap">{titleOf(props.restore)}</p><p class="dim wrap">{meaningOf(props.restore)}</p></div>
          <Show when={props.restore.status === "failed"}><Reason restore={props.restore} /></Show>
          <Show when={may("operate", props.restore.user_id)}><div class="outcome-actions"><NextSteps restore={props.restore} /></div></Show>
        </div>
      </div>
      <Show when={props.restore.warnings.length > 0}>
        <Card title={t().backups.warnings}><ul class="stack"><For each={props.restore.warnings}>{(warning) => <li><Said text={warning.message} /></li>}</For></ul></Card>
      </Show>
    </div>
  );
}

function Reason(props: { restore: Restore }) {
  return (
    <div class="outcome-reason">
      <p class="strong">{t().errors.codes[props.restore.error_code ?? "internal"]}.</p>
      <p class="wrap"><Said text={props.restore.error_msg ?? ""} /><Show when={props.restore.error_hint}>{(hint) => <span class="dim"> (<Said text={hint()} />)</span>}</Show></p>
    </div>
  );
}

function titleOf({ status, target_db_name: name, duration_ms, must_be_new, started_at }: Restore): string {
  if (status === "completed") return must_be_new ? t().restores.isReady(name) : t().restores.isRestored(name, f().duration(duration_ms ?? 0));
  if (status === "failed") return t().restores.hasFailed(name);
  return started_at === null ? t().restores.wasCanceled : t().restores.wasEnded(name);
}

/** What the target is now, as far as it is known. */
function meaningOf(restore: Restore): string {
  const { status, must_be_new, safety_status, type, backup_created_at } = restore;
  const meaning = t().restores.meaning;
  if (status === "completed") return must_be_new ? meaning.made(f().moment(backup_created_at)) : restore.replaced === false ? meaning.madeAgain(f().moment(backup_created_at)) : meaning.replaced(f().moment(backup_created_at), safety_status === "completed");
  if (restore.started_at === null || must_be_new || type === "postgresql" || safety_status === "failed") return meaning.untouched;
  return safety_status === "completed" ? meaning.seeAbove : meaning.maybeLost;
}

/** The likeliest is the main one. */
function NextSteps(props: { restore: Restore }) {
  const again = (more = ""): string => {
    const { backup_id, database_id, target_db_name, must_be_new } = props.restore;
    return `/backups/${backup_id}/restore?to=${database_id}${must_be_new ? `&as=${encodeURIComponent(target_db_name)}` : ""}${more}`;
  };
  const saved = (): boolean => props.restore.safety_backup_id !== null && props.restore.safety_status === "completed";
  const completed = (): boolean => props.restore.status === "completed";
  return (
    <>
      <Show when={!completed()}><ButtonLink href={again()} look="main" icon="restore">{props.restore.status === "failed" ? t().restores.tryAgain : t().restores.orderAgain}</ButtonLink></Show>
      <Show when={props.restore.status === "failed" && props.restore.safety_status === "failed"}><ButtonLink href={again("&safety=off")}>{t().restores.withoutSafety}</ButtonLink></Show>
      <Show when={completed()}><ButtonLink href={`/databases/${props.restore.database_id}`} look="main" icon="database">{t().restores.toDatabase(props.restore.database_name)}</ButtonLink></Show>
      <Show when={saved()}><ButtonLink href={`/backups/${props.restore.safety_backup_id}/restore?to=${props.restore.database_id}`} icon="restore">{t().restores.goBack}</ButtonLink></Show>
      <Show when={!completed()}><ButtonLink href={`/restores/new?database_id=${props.restore.source_database_id}`}>{t().restores.otherVersion}</ButtonLink></Show>
    </>
  );
}
