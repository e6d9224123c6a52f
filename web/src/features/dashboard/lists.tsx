import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { Dashboard } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import type { Tone } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Ago } from "../../ui/time.tsx";
import { aboutOf, placeOf } from "../shell/notice-place.ts";

type Event = Dashboard["events"][number];
const TONES: Record<Event["severity"], Tone> = { info: "good", warning: "warn", critical: "bad" };

/** What runs next by itself. */
export function NextRuns(props: { runs: Dashboard["next_runs"] }) {
  return (
    <Card title={t().dashboard.next} flush>
      <Show when={props.runs.length > 0} fallback={<p class="quiet dim">{t().dashboard.nextNone}</p>}>
        <ul class="lines">
          <For each={props.runs}>{(run) => <li><A href={`/databases/${run.database_id}`} class="line-name clip">{run.database_name}</A><A href={`/schedules/${run.schedule_id}`} class="line-plan dim clip">{run.name}</A><span class="line-when dim"><Ago at={run.at} /></span></li>}</For>
        </ul>
      </Show>
    </Card>
  );
}

/** What happened last. */
export function Events(props: { events: readonly Event[] }) {
  return (
    <Card title={t().dashboard.events} flush aside={<A href="/backups" class="small">{t().dashboard.all}</A>}>
      <Show when={props.events.length > 0} fallback={<p class="quiet dim">{t().dashboard.eventsNone}</p>}>
        <ul class="lines"><For each={props.events}>{(event) => <li><EventLine event={event} /><span class="line-when dim"><Ago at={event.at} /></span></li>}</For></ul>
      </Show>
    </Card>
  );
}

function EventLine(props: { event: Event }) {
  const what = () => <><span class={`line-dot tone-${TONES[props.event.severity]}`} aria-hidden="true" /><span class="clip">{t().notices.what[props.event.kind]}</span> <span class="dim clip">{aboutOf(props.event)}</span></>;
  return <Show when={placeOf(props.event)} fallback={<span class="line-event">{what()}</span>}>{(href) => <A href={href()} class="line-event">{what()}</A>}</Show>;
}
