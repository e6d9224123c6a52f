import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { scope } from "../../api/scope.ts";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Card, Fact, Facts } from "../../ui/card.tsx";
import { Moment } from "../../ui/time.tsx";

/** What a backup is, how it was made and where its file is. */
export function BackupFacts(props: { backup: BackupDetails }) {
  const words = () => t().backup;
  const size = (bytes: number | null): string => (bytes === null ? "–" : f().bytes(bytes));
  const times = (): string => {
    const { size: stored, raw_size: raw } = props.backup;
    return stored === null || raw === null || stored === 0 || raw <= stored ? "" : ` ${words().times(f().ratio(raw / stored))}`;
  };
  return (
    <Card title={words().facts}>
      <Facts>
        <Fact term={words().size}>{size(props.backup.size)}<span class="dim">{times()}</span></Fact>
        <Fact term={words().raw}>{size(props.backup.raw_size)}</Fact>
        <Fact term={words().took}>{props.backup.duration_ms === null ? "–" : f().duration(props.backup.duration_ms)}</Fact>
        <Fact term={words().started}><Show when={props.backup.started_at} fallback="–">{(at) => <Moment at={at()} />}</Show></Fact>
        <Fact term={words().database}><A href={`/databases/${props.backup.database_id}`}>{props.backup.database_name}</A></Fact>
        <Fact term={words().made}><Show when={props.backup.schedule_id} fallback={t().triggerHints[props.backup.trigger]}>{(id) => <A href={`/schedules/${id()}`}>{t().triggerHints[props.backup.trigger]}</A>}</Show></Fact>
        <Fact term={words().server}>{props.backup.server ?? "–"}</Fact>
        <Fact term={words().tool}>{props.backup.tool ?? "–"}</Fact>
        <Fact term={words().format}>{`${props.backup.format} · ${props.backup.compression}`}</Fact>
        <Show when={props.backup.type === "postgresql"}>
          <Fact term={words().inParts}>{inParts(props.backup)}</Fact>
          <Fact term={words().globals}>{props.backup.globals ? words().yes : words().no}</Fact>
        </Show>
        <Fact term={words().encrypted}>{props.backup.encrypted ? words().yes : words().no}</Fact>
        <Show when={scope() === "all"}><Fact term={words().owner}>{props.backup.user_email}</Fact></Show>
        <Show when={props.backup.filepath}>{(path) => <Fact wide term={words().file}><span class="mono">{path()}</span></Fact>}</Show>
        <Show when={props.backup.sha256}>{(sha256) => <Fact wide term={words().checksum}><span class="mono">{sha256()}</span></Fact>}</Show>
      </Facts>
    </Card>
  );
}

/** As it was asked for, and what came of it. */
function inParts({ jobs, parts }: BackupDetails): string {
  const asked = jobs === "auto" ? t().backup.automatic : f().number(jobs);
  return parts === null ? asked : `${asked} · ${t().backup.files(parts.length)}`;
}
