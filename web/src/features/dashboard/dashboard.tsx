import { Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Dashboard } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Attention } from "./attention.tsx";
import { Totals, Usage, Year } from "./figures.tsx";
import { Events, NextRuns } from "./lists.tsx";
import { Running } from "./running.tsx";
import { SafetyBanner } from "./safety-banner.tsx";
import "./dashboard.css";

/** How everything stands, on one page, from one request: are we safe, what to do next, and how it has gone. */
export default function DashboardPage() {
  const data = createData(() => undefined, async () => ask(api.dashboard.$get({ query: { time_zone: timeZone() } })),
    ["backup", "database", "objective", "schedule", "restore", "verification", "check", "storage", "channel", "notice", "notification"]);
  return (
    <>
      <PageHead title={t().dashboard.title} />
      <Loaded of={data} lines={8}>{(value) => <Page of={value()} />}</Loaded>
    </>
  );
}

function Page(props: { of: Dashboard }) {
  return (
    <div class="dashboard">
      <SafetyBanner verdict={props.of.verdict} />
      <Attention attention={props.of.attention} running={props.of.running} />
      <Running running={props.of.running} />
      <Totals of={props.of} />
      <Show when={props.of.verdict.state !== "nothing"}>
        <Year days={props.of.days} />
        <div class="dashboard-pair"><Usage usage={props.of.usage} /><NextRuns runs={props.of.next_runs} /></div>
        <Events events={props.of.events} />
      </Show>
    </div>
  );
}

/** The browser's, by its name; one that has none counts its days as UTC does. */
function timeZone(): string {
  const { timeZone: name } = Intl.DateTimeFormat().resolvedOptions();
  return /^[A-Z]/.test(name ?? "") && !name.startsWith("Etc/Unknown") ? name : "UTC";
}
