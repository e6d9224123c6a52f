import { A, useParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Card, Fact, Facts, PageHead } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Moment } from "../../ui/time.tsx";
import { Contents, Copies } from "./inside.tsx";
import { createProgress } from "./live.ts";
import { StatusBadge } from "./status.tsx";
import "../../ui/table.css";
import "./backups.css";

/** All that is known of a backup, live while it runs. */
export default function BackupPage() {
  const params = useParams<{ id: string }>();
  const data = createData(() => params.id, async (id) => (await ask(api.backups[":id"].$get({ param: { id }, query: {} }))).backup, ["backup", "verification", "check"]);
  return (
    <>
      <PageHead title={data.value()?.database_name ?? t().backups.one(Number(params.id))} above={<A href="/backups" class="small">{t().backups.back}</A>}>
        <Show when={data.value()?.status === "completed"}>
          <a class="button button-main" href={`/api/backups/${params.id}/download?as=stored`} download=""><Icon name="download" />{t().backups.download}</a>
        </Show>
      </PageHead>
      <Loaded of={data} lines={8}>{(value) => <Details backup={value()} />}</Loaded>
    </>
  );
}

function Details(props: { backup: BackupDetails }) {
  const live = createProgress();
  const open = (): boolean => props.backup.status === "pending" || props.backup.status === "running";
  return (
    <div class="stack">
      <div class="row backup-state">
        <StatusBadge status={props.backup.status} /><Tag title={t().triggerHints[props.backup.trigger]}>{t().triggers[props.backup.trigger]}</Tag><Tag>{t().engines[props.backup.type]}</Tag><span class="dim">#{props.backup.id}</span>
      </div>
      <Show when={open()}><JobProgress label={props.backup.database_name} progress={live(props.backup.id) ?? props.backup.progress} /></Show>
      <Show when={props.backup.error_msg}>{(text) => (
        <div class="problem"><Icon name="alert" size={18} /><div class="problem-text">
          <p class="problem-title">{t().errors.codes[props.backup.error_code ?? "internal"]}.</p>
          <p lang="en" class="wrap">{text()}<Show when={props.backup.error_hint}>{(hint) => <span class="dim"> ({hint()})</span>}</Show></p>
        </div></div>
      )}</Show>
      <Card title={t().backups.facts}><BackupFacts backup={props.backup} /></Card>
      <Show when={props.backup.warnings.length > 0}>
        <Card title={t().backups.warnings}><ul class="stack"><For each={props.backup.warnings}>{(warning) => <li class="wrap" lang="en">{warning.message}</li>}</For></ul></Card>
      </Show>
      <Copies copies={props.backup.copies} />
      <Contents contents={props.backup.contents} />
    </div>
  );
}

function BackupFacts(props: { backup: BackupDetails }) {
  const words = () => t().backups;
  const or = (text: string | null): string => text ?? "–";
  const size = (bytes: number | null): string => (bytes === null ? "–" : f().bytes(bytes));
  return (
    <Facts>
      <Fact term={words().size}>{size(props.backup.size)}</Fact>
      <Fact term={words().raw}>{size(props.backup.raw_size)}</Fact>
      <Fact term={words().took}>{props.backup.duration_ms === null ? "–" : f().duration(props.backup.duration_ms)}</Fact>
      <Fact term={words().format}>{`${props.backup.format} · ${props.backup.compression}`}</Fact>
      <Fact term={words().started}>{props.backup.started_at === null ? "–" : <Moment at={props.backup.started_at} />}</Fact>
      <Fact term={words().finished}>{props.backup.finished_at === null ? "–" : <Moment at={props.backup.finished_at} />}</Fact>
      <Fact term={words().server}>{or(props.backup.server)}</Fact>
      <Fact term={words().tool}>{or(props.backup.tool)}</Fact>
      <Fact term={words().encrypted}>{props.backup.encrypted ? words().yes : words().no}</Fact>
      <Fact term={words().verified}>{props.backup.verified_at === null ? words().notVerified : <Moment at={props.backup.verified_at} />}</Fact>
      <Fact wide term={words().file}><span class="mono">{or(props.backup.filename)}</span></Fact>
      <Fact wide term={words().checksum}><span class="mono">{or(props.backup.sha256)}</span></Fact>
    </Facts>
  );
}
