import { A } from "@solidjs/router";
import { createMemo, createSignal, For, Show } from "solid-js";
import { onEvent } from "../../api/events.ts";
import type { Dashboard, Progress } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { OwnerTag } from "./owner-tag.tsx";

type Job = Dashboard["running"]["jobs"][number];

/** All work that waits or runs, as it goes on. */
export function Running(props: { running: Dashboard["running"] }) {
  const live = createProgress();
  const jobs = createMemo(() => new Map(props.running.jobs.map((job) => [job.id, job])));
  const ids = createMemo(() => [...jobs().keys()], [], { equals: (one, other) => one.length === other.length && one.every((id, index) => id === other[index]) });
  const more = (): number => props.running.total - props.running.jobs.length;
  return (
    <Card title={t().dashboard.running}>
      <Show when={ids().length > 0} fallback={<p class="dim">{t().dashboard.idle}</p>}>
        <ul class="running"><For each={ids()}>{(id) => <Show when={jobs().get(id)}>{(job) => <Line job={job()} progress={live(id) ?? job().progress} />}</Show>}</For></ul>
        <Show when={more() > 0}><p class="dim small">{t().dashboard.moreJobs(more())}</p></Show>
      </Show>
    </Card>
  );
}

function Line(props: { job: Job; progress: Progress | null }) {
  const name = (): string => props.job.database?.name ?? props.job.storage ?? "";
  const waits = (): boolean => props.job.status === "pending";
  return (
    <li>
      <div class="running-what"><Show when={placeOf(props.job)} fallback={<span class="strong clip">{name()}</span>}>{(href) => <A href={href()} class="clip strong">{name()}</A>}</Show>
        <Tag>{t().dashboard.kinds[props.job.kind] ?? props.job.kind}</Tag><OwnerTag owner={props.job.owner} /></div>
      <Show when={waits() && !started(props.job)} fallback={<JobProgress begun={!waits()} label={name()} progress={props.progress} />}><p class="small dim">{when(props.job)}</p></Show>
    </li>
  );
}

/** A backup that was ordered shows its bar at once: it waits for moments. */
const started = ({ kind, not_before }: Job): boolean => kind === "backup" && Date.parse(not_before) <= Date.now();

function when({ not_before }: Job): string {
  return Date.parse(not_before) > Date.now() ? t().dashboard.waits(f().ago(not_before)) : t().dashboard.waiting;
}

function placeOf({ kind, restore_id, backup_id }: Job): string | undefined {
  if (restore_id !== null) return `/restores/${restore_id}`;
  return backup_id === null || kind === "delete" ? undefined : `/backups/${backup_id}`;
}

/** The newest progress of every job as it comes, by the job's id. */
function createProgress(): (job_id: number) => Progress | undefined {
  const [newest, setNewest] = createSignal<Readonly<Record<number, Progress>>>({});
  onEvent("progress", (data) => {
    const progress = data as Progress;
    setNewest((all) => ({ ...all, [progress.job_id]: progress }));
  });
  return (id) => newest()[id];
}
