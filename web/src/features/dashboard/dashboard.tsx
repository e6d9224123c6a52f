import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Stats } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Card, PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Ago } from "../../ui/time.tsx";
import { StatusBadge } from "../backups/status.tsx";
import { judge } from "./safety.ts";
import { Running } from "./running.tsx";
import { SafetyBanner } from "./safety-banner.tsx";
import "./dashboard.css";

/** How everything stands, on one page. */
export default function DashboardPage() {
  const data = createData(() => undefined, async () => {
    const [stats, { objectives }] = await Promise.all([ask(api.stats.$get({ query: {} })), ask(api.objectives.$get({ query: { per_page: "200" } }))]);
    return { stats, safety: judge(objectives) };
  }, ["backup", "database", "objective", "schedule", "restore", "verification", "check"]);
  return (
    <>
      <PageHead title={t().dashboard.title} />
      <Loaded of={data} lines={8}>{(value) => (
        <div class="dashboard">
          <SafetyBanner safety={value().safety} />
          <Totals stats={value().stats} />
          <Running backups={value().stats.last_backups} />
          <div class="dashboard-pair">
            <Newest backups={value().stats.last_backups} />
            <NextRuns runs={value().stats.next_runs} />
          </div>
        </div>
      )}</Loaded>
    </>
  );
}

function Totals(props: { stats: Stats }) {
  const words = () => t().dashboard;
  const backups = () => props.stats.backups;
  const failed = () => backups().by_status.failed ?? 0;
  return (
    <dl class="totals">
      <div><dt>{words().databases}</dt><dd>{f().number(props.stats.databases)}</dd></div>
      <div><dt>{words().backups}</dt><dd>{f().number(backups().by_status.completed ?? 0)}</dd><dd class="total-note">{words().ofAll(f().number(backups().total))}</dd></div>
      <div>
        <dt>{words().rate}</dt>
        <Show when={backups().success_rate_30d !== null} fallback={<dd class="dim">–</dd>}><dd>{f().percent(backups().success_rate_30d ?? 0)}</dd></Show>
        <dd class="total-note">{backups().success_rate_30d === null ? words().noneYet : words().failedHint(f().number(failed()))}</dd>
      </div>
      <div><dt>{words().stored}</dt><dd>{f().bytes(backups().stored_bytes)}</dd></div>
    </dl>
  );
}

function Newest(props: { backups: Stats["last_backups"] }) {
  return (
    <Card title={t().dashboard.last} flush aside={<A href="/backups" class="small">{t().dashboard.all}</A>}>
      <Show when={props.backups.length > 0} fallback={<p class="quiet dim">{t().dashboard.lastNone}</p>}>
        <ul class="lines">
          <For each={props.backups}>{(backup) => (
            <li><A href={`/backups/${backup.id}`} class="line-name clip">{backup.database_name}</A><StatusBadge status={backup.status} />
              <span class="line-size">{backup.size === null ? "" : f().bytes(backup.size)}</span><span class="line-when dim"><Ago at={backup.created_at} /></span></li>
          )}</For>
        </ul>
      </Show>
    </Card>
  );
}

function NextRuns(props: { runs: Stats["next_runs"] }) {
  return (
    <Card title={t().dashboard.next} flush>
      <Show when={props.runs.length > 0} fallback={<p class="quiet dim">{t().dashboard.nextNone}</p>}>
        <ul class="lines">
          <For each={props.runs}>{(run) => <li><span class="line-name clip">{run.database_name}</span><span class="dim clip">{run.name}</span><span class="line-when dim"><Ago at={run.at} /></span></li>}</For>
        </ul>
      </Show>
    </Card>
  );
}
