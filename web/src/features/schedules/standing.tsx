import { Show } from "solid-js";
import type { Schedule } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { Strip } from "../../ui/strip.tsx";
import { lateness_ms } from "./lateness.ts";

/** The last runs of a schedule, and whether the newest was late or missing. */
export function LastRuns(props: { schedule: Schedule }) {
  return (
    <div class="schedule-last">
      <Show when={props.schedule.last_runs.length > 0} fallback={<span class="dim">{t().schedules.none}</span>}><Strip label={t().schedules.runs(props.schedule.name)} results={props.schedule.last_runs} /></Show>
      <Show when={props.schedule.missed_at}>{(at) => <Badge tone="bad" title={t().schedules.missedAt(f().moment(at()))}>{t().schedules.missed}</Badge>}</Show>
      <Show when={lateness_ms(props.schedule)}>{(late_ms) => <Tag title={t().triggerHints.catch_up}>{t().schedules.late(f().duration(late_ms()))}</Tag>}</Show>
    </div>
  );
}
