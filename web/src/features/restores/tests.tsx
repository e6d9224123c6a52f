import { A, useSearchParams } from "@solidjs/router";
import { For, Match, Show, Switch } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Said } from "../../ui/said.tsx";
import { Ago } from "../../ui/time.tsx";
import { StatusBadge } from "../backups/status.tsx";
import { askedOf, Filters } from "./filters.tsx";
import { createProgressOf } from "./live.ts";
import { Tabs } from "./tabs.tsx";
import type { Verification } from "./types.ts";
import "../../ui/table.css";
import "../backups/backups.css";
import "./restores.css";

const PER_PAGE = "25";
const SHOWN = 3;

/** All test restores, and what each has proved. */
export default function TestRestoresPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const data = createData(() => ({ ...askedOf(params), page: params["page"] ?? "1", per_page: PER_PAGE }), async (query) => ask(api.verifications.$get({ query })), ["verification"]);
  const databases = createData(() => undefined, async () => (await ask(api.databases.$get({ query: {} }))).databases, ["database"]);
  const filtered = (): boolean => Object.keys(askedOf(params)).length > 0;
  return (
    <>
      <PageHead title={t().restores.tests} />
      <Tabs />
      <Filters params={params} databases={databases.value() ?? []} onChange={(changed) => setParams({ ...changed, page: undefined })} />
      <div class="card">
        <Loaded of={data} lines={8}>{(value) => (
          <Show when={value().verifications.length > 0} fallback={
            <Show when={filtered()} fallback={<Empty title={t().restores.noTests} text={t().restores.noTestsText} />}>
              <Empty title={t().restores.noTestFits}><Button onClick={() => setParams({ status: undefined, database_id: undefined, page: undefined })}>{t().backups.clear}</Button></Empty>
            </Show>
          }><Table verifications={value().verifications} /></Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => (
        <Pages {...pagination()} total={t().restores.testTotal(pagination().total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />
      )}</Show>
    </>
  );
}

function Table(props: { verifications: readonly Verification[] }) {
  const words = () => t().restores;
  const live = createProgressOf("verification_id");
  return (
    <table class="table">
      <thead><tr><th scope="col">{t().backups.database}</th><th scope="col">{t().backups.status}</th><th scope="col">{words().shown}</th><th scope="col">{t().backups.trigger}</th><th scope="col" class="end">{t().backups.took}</th><th scope="col" class="end">{words().ordered}</th></tr></thead>
      <tbody>
        <For each={props.verifications}>{(test) => (
          <tr>
            <td class="whole"><A href={`/backups/${test.backup_id}`} class="wrap">{test.database_name} <span class="dim">#{test.backup_id}</span></A> <Tag>{t().engines[test.type]}</Tag></td>
            <td data-label={t().backups.status}><StatusBadge status={test.status} /></td>
            <td class="whole test-says" data-label={words().shown}>
              <Show when={test.status !== "running"} fallback={<JobProgress begun label={test.database_name} progress={live(test.id) ?? test.progress} />}><Proof test={test} /></Show>
            </td>
            <td data-label={t().backups.trigger}><Tag title={t().triggerHints[test.trigger]}>{t().triggers[test.trigger]}</Tag></td>
            <td class="end" data-label={t().backups.took}>{test.duration_ms === null ? "–" : f().duration(test.duration_ms)}</td>
            <td class="end dim" data-label={words().ordered}><Ago at={test.created_at} /></td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}

/** What a test restore found. */
function Proof(props: { test: Verification }) {
  const differs = () => props.test.differences;
  const rows = (n: number | null): string => (n === null ? "–" : f().number(n));
  return (
    <Switch fallback={<span class="small"><Said text={props.test.error_msg ?? "–"} /></span>}>
      <Match when={props.test.status === "completed"}>
        <span class="row good"><Icon name="shieldCheck" /><span>{t().restores.provedWith(t().restores.tables(props.test.tables ?? 0), t().restores.rows(props.test.rows ?? 0, f().number(props.test.rows ?? 0)))}</span></span>
        <span class="dim small block wrap">{t().restores.provedOn(props.test.target_database_name)}</span>
      </Match>
      <Match when={differs().length > 0}>
        <span class="strong">{t().restores.differences(differs().length)}</span>
        <For each={differs().slice(0, SHOWN)}>{(each) => <span class="small block wrap"><span class="mono">{each.table}</span> {t().restores.differs(rows(each.found_rows), rows(each.expected_rows))}</span>}</For>
      </Match>
    </Switch>
  );
}
