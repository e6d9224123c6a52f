import { A, useParams } from "@solidjs/router";
import { createEffect, on, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Card, Fact, Facts, PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Moment } from "../../ui/time.tsx";
import { StatusBadge } from "../backups/status.tsx";
import { isOpen } from "./live.ts";
import { Outcome } from "./outcome.tsx";
import { Stages } from "./stages.tsx";
import { UnderWay } from "./under-way.tsx";
import type { Restore } from "./types.ts";
import "../backups/backups.css";
import "./restores.css";

/** One restore: the time to cancel it, how far it is, and what became of it. The same in every window. */
export default function RestoreRunPage() {
  const params = useParams<{ id: string }>();
  const data = createData(() => params.id, async (id) => (await ask(api.restores[":id"].$get({ param: { id }, query: {} }))).restore, ["restore"]);
  return (
    <>
      <PageHead title={data.value() === undefined ? t().restores.one(params.id) : t().restores.to(data.value()?.target_db_name ?? "")} above={<A href="/restores" class="small">{t().restores.all}</A>} />
      <Loaded of={data} lines={8}>{(value) => <Run restore={value()} />}</Loaded>
    </>
  );
}

function Run(props: { restore: Restore }) {
  let result: HTMLDivElement | undefined;
  // What had the focus goes with the countdown: the result is where the reader goes on.
  createEffect(on(() => isOpen(props.restore), (open, before) => {
    if (!open && before === true) queueMicrotask(() => result?.focus({ preventScroll: true }));
  }));
  return (
    <div class="stack run">
      <div class="row backup-state"><StatusBadge status={props.restore.status} /><Tag>{t().engines[props.restore.type]}</Tag><span class="dim">#{props.restore.id}</span></div>
      <Stages restore={props.restore} />
      <div ref={(element) => { result = element; }} tabindex="-1" class="run-now">
        <Show when={isOpen(props.restore)} fallback={<Outcome restore={props.restore} />}><UnderWay restore={props.restore} /></Show>
      </div>
      <Card title={t().restores.details}><Details restore={props.restore} /></Card>
    </div>
  );
}

function Details(props: { restore: Restore }) {
  const at = (time: string | null) => (time === null ? "–" : <Moment at={time} />);
  return (
    <Facts>
      <Fact term={t().restores.version}><A href={`/backups/${props.restore.backup_id}`}>{f().moment(props.restore.backup_created_at)}</A></Fact>
      <Fact term={t().restores.source}><A href={`/databases/${props.restore.source_database_id}`}>{props.restore.source_database_name}</A></Fact>
      <Fact term={t().restores.target}><span class="mono">{props.restore.target_db_name}</span> <span class="dim">({props.restore.database_name})</span></Fact>
      <Fact term={t().restores.way}>{props.restore.must_be_new ? t().restores.kinds.new : t().restores.inPlace}</Fact>
      <Fact term={t().restores.safetyBackup}>{props.restore.safety_backup_id === null ? "–" : <A href={`/backups/${props.restore.safety_backup_id}`}>#{props.restore.safety_backup_id}</A>}</Fact>
      <Fact term={t().restores.ordered}><Moment at={props.restore.created_at} /></Fact>
      <Fact term={t().backups.started}>{at(props.restore.started_at)}</Fact>
      <Fact term={t().backups.finished}>{at(props.restore.finished_at)}</Fact>
      <Fact term={t().backups.took}>{props.restore.duration_ms === null ? "–" : f().duration(props.restore.duration_ms)}</Fact>
      <Fact term={t().restores.job}>#{props.restore.job_id}</Fact>
    </Facts>
  );
}
