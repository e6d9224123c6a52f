import { A, useSearchParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Backup } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import { Filters } from "./filters.tsx";
import { filterOf } from "./filter.ts";
import { StatusBadge } from "./status.tsx";
import "../../ui/table.css";
import "./backups.css";

const PER_PAGE = "25";

/** All backups, page by page. What is chosen stands in the address, so that it can be sent and gone back to. */
export default function BackupsPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const query = () => ({ ...filterOf(params), page: params["page"] ?? "1", per_page: PER_PAGE });
  const data = createData(query, async (asked) => ask(api.backups.$get({ query: asked })), ["backup"]);
  const databases = createData(() => undefined, async () => (await ask(api.databases.$get({ query: {} }))).databases, ["database"]);
  const filtered = (): boolean => Object.keys(filterOf(params)).length > 0;
  const clear = (): void => setParams({ status: undefined, type: undefined, database_id: undefined, page: undefined });
  return (
    <>
      <PageHead title={t().backups.title} />
      <Filters params={params} databases={databases.value() ?? []} onChange={(changed) => setParams({ ...changed, page: undefined })} />
      <div class="card">
        <Loaded of={data} lines={8}>{(value) => (
          <Show when={value().backups.length > 0} fallback={
            <Show when={filtered()} fallback={<Empty title={t().backups.emptyTitle} text={t().backups.emptyText}><ButtonLink href="/databases" look="main">{t().dashboard.see}</ButtonLink></Empty>}>
              <Empty title={t().backups.noMatch}><Button onClick={clear}>{t().backups.clear}</Button></Empty>
            </Show>
          }>
            <BackupTable backups={value().backups} />
          </Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => (
        <Pages {...pagination()} total={t().backups.total(pagination().total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />
      )}</Show>
    </>
  );
}

function BackupTable(props: { backups: readonly Backup[] }) {
  const words = () => t().backups;
  return (
    <table class="table">
      <thead><tr><th scope="col">{words().database}</th><th scope="col">{words().status}</th><th scope="col">{words().trigger}</th><th scope="col" class="end">{words().size}</th><th scope="col" class="end">{words().took}</th><th scope="col" class="end">{words().made}</th></tr></thead>
      <tbody>
        <For each={props.backups}>{(backup) => (
          <tr>
            <td class="whole"><A href={`/backups/${backup.id}`} class="wrap">{backup.database_name} <span class="dim">#{backup.id}</span></A> <Tag>{t().engines[backup.type]}</Tag></td>
            <td data-label={words().status}><StatusBadge status={backup.status} /></td>
            <td data-label={words().trigger}><Tag title={t().triggerHints[backup.trigger]}>{t().triggers[backup.trigger]}</Tag></td>
            <td class="end" data-label={words().size}>{backup.size === null ? "–" : f().bytes(backup.size)}</td>
            <td class="end" data-label={words().took}>{backup.duration_ms === null ? "–" : f().duration(backup.duration_ms)}</td>
            <td class="end dim" data-label={words().made}><Ago at={backup.created_at} /></td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}
