import { Show } from "solid-js";
import type { Dashboard } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Card } from "../../ui/card.tsx";
import { Heatmap } from "../../ui/charts/heatmap.tsx";
import { Trend } from "../../ui/charts/trend.tsx";
import { dayHref, fromFirst } from "./links.ts";

/** How many there are, how well they go, and what they take. */
export function Totals(props: { of: Dashboard }) {
  const words = () => t().dashboard;
  const counts = () => props.of.totals.by_status;
  const all = (): number => Object.values(counts()).reduce((sum, count) => sum + count, 0);
  const growth = (): number => props.of.totals.stored_bytes - (props.of.usage[0]?.bytes ?? 0);
  const failed = (): number => props.of.days.slice(-30).reduce((sum, day) => sum + day.failed, 0);
  return (
    <dl class="totals">
      <div><dt>{words().databases}</dt><dd>{f().number(props.of.verdict.databases)}</dd><dd class="total-note">{words().protectedHint(f().number(props.of.verdict.met))}</dd></div>
      <div><dt>{words().backups}</dt><dd>{f().number(counts().completed ?? 0)}</dd><dd class="total-note">{words().ofAll(f().number(all()))}</dd></div>
      <div>
        <dt>{words().rate}</dt>
        <Show when={props.of.totals.success_rate_30d !== null} fallback={<><dd class="dim">–</dd><dd class="total-note">{words().noneYet}</dd></>}>
          <dd>{f().percent(props.of.totals.success_rate_30d ?? 0)}</dd><dd class="total-note">{words().failedHint(f().number(failed()))}</dd>
        </Show>
      </div>
      <div><dt>{words().stored}</dt><dd>{f().bytes(props.of.totals.stored_bytes)}</dd><dd class="total-note">{growth() === 0 ? words().storedOnce : words().storedHint(`${growth() > 0 ? "+" : "−"}${f().bytes(Math.abs(growth()))}`)}</dd></div>
    </dl>
  );
}

/** What is stored, as it grew. */
export function Usage(props: { usage: Dashboard["usage"] }) {
  const points = () => fromFirst(props.usage).map(({ at, bytes }) => ({ at, value: bytes }));
  return (
    <Card title={t().dashboard.usage}>
      <Show when={points().length > 1} fallback={<p class="dim">{t().dashboard.usageSoon}</p>}><Trend points={points()} label={t().dashboard.usage} format={(bytes) => f().bytes(bytes)} height={200} /></Show>
    </Card>
  );
}

/** How each day of the year went; a day leads to its backups. */
export function Year(props: { days: Dashboard["days"] }) {
  return <Card title={t().dashboard.year}><Heatmap days={props.days} label={t().dashboard.year} href={dayHref} /></Card>;
}
