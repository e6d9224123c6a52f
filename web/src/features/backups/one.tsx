import { A, useParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Tag } from "../../ui/badge.tsx";
import { Card, PageHead } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Said } from "../../ui/said.tsx";
import { Ago } from "../../ui/time.tsx";
import { Actions } from "./action-bar.tsx";
import { Contents } from "./contents.tsx";
import { Copies } from "./copies.tsx";
import { BackupFacts } from "./facts.tsx";
import { createProgress } from "./live.ts";
import { Log } from "./log.tsx";
import { Parts } from "./parts.tsx";
import { Signs } from "./proof.tsx";
import { Proof } from "./proof-card.tsx";
import { StatusBadge } from "./status.tsx";
import "../../ui/problem.css";
import "./backups.css";

/** All that is known of a backup, live while it runs, and all that can be done with it. */
export default function BackupPage() {
  const params = useParams<{ id: string }>();
  const data = createData(() => params.id, async (id) => (await ask(api.backups[":id"].$get({ param: { id }, query: {} }))).backup, ["backup", "verification", "check"]);
  return (
    <>
      <PageHead title={data.value()?.database_name ?? t().backup.title(params.id)} above={<A href="/backups" class="small">{t().backup.back}</A>}>
        <Show when={data.value()}>{(backup) => <Actions backup={backup()} onChanged={data.again} />}</Show>
      </PageHead>
      <Loaded of={data} lines={8}>{(value) => <Details backup={value()} onChanged={data.again} />}</Loaded>
    </>
  );
}

function Details(props: { backup: BackupDetails; onChanged: () => void }) {
  const live = createProgress();
  const open = (): boolean => props.backup.status === "pending" || props.backup.status === "running";
  return (
    <div class="stack">
      <div class="row backup-state">
        <StatusBadge status={props.backup.status} /><Tag title={t().triggerHints[props.backup.trigger]}>{t().triggers[props.backup.trigger]}</Tag><Tag>{t().engines[props.backup.type]}</Tag>
        <span class="dim">#{props.backup.id}</span><Signs backup={props.backup} /><span class="dim small"><Ago at={props.backup.created_at} /></span>
      </div>
      <Show when={open()}><div class="card card-body"><JobProgress begun={props.backup.status === "running"} waiting={t().backup.waitsFor[props.backup.waits_for ?? "turn"]} label={props.backup.database_name} progress={live(props.backup.id) ?? props.backup.progress} /></div></Show>
      <Failure backup={props.backup} />
      <div class="backup-columns">
        <div class="stack">
          <BackupFacts backup={props.backup} />
          <Warnings warnings={props.backup.warnings} />
          <Show when={props.backup.parts}>{(parts) => <Parts parts={parts()} />}</Show>
          <Contents contents={props.backup.contents} />
        </div>
        <div class="stack">
          <Show when={props.backup.status === "completed"}><Proof backup={props.backup} /></Show>
          <Copies backup={props.backup} onChanged={props.onChanged} />
        </div>
      </div>
      <Log backup_id={props.backup.id} />
    </div>
  );
}

/** Why it did not come to its end. */
function Failure(props: { backup: BackupDetails }) {
  return (
    <Show when={props.backup.error_msg}>{(text) => (
      <div class="problem"><Icon name="alert" size={18} /><div class="problem-text">
        <Show when={props.backup.error_code}>{(code) => <p class="problem-title">{t().errors.codes[code()]}.</p>}</Show>
        <p class="wrap"><Said text={text()} /><Show when={props.backup.error_hint}>{(hint) => <span class="dim"> (<Said text={hint()} />)</span>}</Show></p>
      </div></div>
    )}</Show>
  );
}

function Warnings(props: { warnings: BackupDetails["warnings"] }) {
  return (
    <Show when={props.warnings.length > 0}>
      <Card title={t().backup.warnings} flush><ul class="lines-plain"><For each={props.warnings}>{(warning) => <li><span class="tone-warn warn-sign"><Icon name="alert" size={14} /></span><span class="wrap"><Said text={warning.message} /></span></li>}</For></ul></Card>
    </Show>
  );
}
