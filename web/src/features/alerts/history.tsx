import { A, useSearchParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Notice } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Moment } from "../../ui/time.tsx";
import { aboutOf, placeOf } from "../shell/notice-place.ts";
import { kindOptions } from "./deliveries.tsx";
import { Detail } from "./detail.tsx";
import { noticesAsked, periodOf, PERIODS, type Period } from "./filters.ts";
import { SEVERITIES } from "./kinds.ts";
import { SeverityBadge } from "./looks.tsx";
import { Tabs } from "./tabs.tsx";
import "../../ui/table.css";
import "./alerts.css";

const PER_PAGE = "25";
const FILTERS = ["severity", "kind", "database_id", "period"] as const;

/** All that there was to tell, whether somebody was told or not. */
export default function HistoryPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const words = () => t().alerts;
  const query = () => ({ ...noticesAsked(params, Date.now()), page: params["page"] ?? "1", per_page: PER_PAGE });
  const data = createData(query, async (asked) => ask(api.notices.$get({ query: asked })), ["notice"]);
  const filtered = (): boolean => FILTERS.some((name) => (params[name] ?? "") !== "");
  const clear = (): void => setParams({ severity: undefined, kind: undefined, database_id: undefined, period: undefined, page: undefined });
  return (
    <>
      <PageHead title={words().history} />
      <Tabs />
      <Filters params={params} onChange={(changed) => setParams({ ...changed, page: undefined })} />
      <div class="card">
        <Loaded of={data} lines={8}>{(value) => (
          <Show when={value().notices.length > 0} fallback={<Show when={filtered()} fallback={<Empty title={t().notices.none} />}><Empty title={words().noMatch}><Button onClick={clear}>{words().clear}</Button></Empty></Show>}>
            <Table notices={value().notices} />
          </Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => <Pages {...pagination()} total={words().noticesTotal(pagination().total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />}</Show>
    </>
  );
}

function Filters(props: { params: Readonly<Record<string, string | undefined>>; onChange: (changed: Record<string, string | undefined>) => void }) {
  const words = () => t().alerts;
  const now = () => noticesAsked(props.params, 0);
  const databases = createData(() => undefined, async () => (await ask(api.databases.$get({ query: {} }))).databases, ["database"]);
  const all = () => ({ value: "", label: words().all });
  const chosen = (value: string): string | undefined => (value === "" ? undefined : value);
  const periods = () => [all(), ...(Object.keys(PERIODS) as Period[]).map((value) => ({ value: value as string, label: words().periods[value] }))];
  return (
    <div class="alert-filters" role="group" aria-label={words().filters}>
      <SelectField name="severity" label={words().severity} value={now().severity ?? ""} options={[all(), ...SEVERITIES.map((value) => ({ value, label: words().severities[value] }))]} onChange={(severity) => props.onChange({ severity: chosen(severity) })} />
      <SelectField name="kind" label={words().what} value={now().kind ?? ""} options={[all(), ...kindOptions()]} onChange={(kind) => props.onChange({ kind: chosen(kind) })} />
      <SelectField name="database_id" label={words().database} value={now().database_id ?? ""} options={[all(), ...(databases.value() ?? []).map(({ id, name }) => ({ value: String(id), label: name }))]} onChange={(id) => props.onChange({ database_id: chosen(id) })} />
      <SelectField name="period" label={words().period} value={periodOf(props.params) ?? ""} options={periods()} onChange={(period) => props.onChange({ period: chosen(period) })} />
    </div>
  );
}

function Table(props: { notices: readonly Notice[] }) {
  const words = () => t().alerts;
  return (
    <table class="table history">
      <thead><tr><th scope="col">{words().what}</th><th scope="col">{words().about}</th><th scope="col">{words().severity}</th><th scope="col" class="end">{words().when}</th></tr></thead>
      <tbody>
        <For each={props.notices}>{(notice) => (
          <tr>
            <td class="whole history-what"><Show when={placeOf(notice)} fallback={<span class="strong">{t().notices.what[notice.kind]}</span>}>{(href) => <A href={href()}>{t().notices.what[notice.kind]}</A>}</Show><p class="dim small wrap"><Detail notice={notice} /></p></td>
            <td data-label={words().about}><span class="wrap">{aboutOf(notice) === "" ? "–" : aboutOf(notice)}</span></td>
            <td data-label={words().severity}><SeverityBadge severity={notice.severity} /></td>
            <td class="end dim" data-label={words().when}><Moment at={notice.at} /></td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}
