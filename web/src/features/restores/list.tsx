import { A, useSearchParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Ago } from "../../ui/time.tsx";
import { StatusBadge } from "../backups/status.tsx";
import { may } from "../session/rights.ts";
import { CancelButton } from "./cancel.tsx";
import { askedOf, Filters } from "./filters.tsx";
import { createCountdown, createProgressOf, isOpen } from "./live.ts";
import { Tabs } from "./tabs.tsx";
import type { Restore } from "./types.ts";
import "../../ui/table.css";
import "../backups/backups.css";
import "./restores.css";

const PER_PAGE = "25";

/** All restores, page by page, those under way as they go on. */
export default function RestoresPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const data = createData(() => ({ ...askedOf(params), page: params["page"] ?? "1", per_page: PER_PAGE }), async (query) => ask(api.restores.$get({ query })), ["restore"]);
  const databases = createData(() => undefined, async () => (await ask(api.databases.$get({ query: {} }))).databases, ["database"]);
  const filtered = (): boolean => Object.keys(askedOf(params)).length > 0;
  return (
    <>
      <PageHead title={t().restores.title}><Show when={may("operate")}><ButtonLink href="/restores/new" look="main" icon="restore">{t().restores.start}</ButtonLink></Show></PageHead>
      <Tabs />
      <Filters params={params} databases={databases.value() ?? []} onChange={(changed) => setParams({ ...changed, page: undefined })} />
      <div class="card">
        <Loaded of={data} lines={8}>{(value) => (
          <Show when={value().restores.length > 0} fallback={
            <Show when={filtered()} fallback={<Empty title={t().restores.emptyTitle} text={t().restores.emptyText} />}>
              <Empty title={t().restores.noMatch}><Button onClick={() => setParams({ status: undefined, database_id: undefined, page: undefined })}>{t().backups.clear}</Button></Empty>
            </Show>
          }><Table restores={value().restores} /></Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => (
        <Pages {...pagination()} total={t().restores.total(pagination().total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />
      )}</Show>
    </>
  );
}

function Table(props: { restores: readonly Restore[] }) {
  const words = () => t().restores;
  const live = createProgressOf("restore_id");
  return (
    <table class="table">
      <thead><tr><th scope="col">{words().target}</th><th scope="col">{words().version}</th><th scope="col">{t().backups.status}</th><th scope="col" class="end">{t().backups.took}</th><th scope="col" class="end">{words().ordered}</th><th scope="col"><span class="hidden">{t().databases.actions}</span></th></tr></thead>
      <tbody>
        <For each={props.restores}>{(restore) => (
          <tr>
            <td class="whole"><A href={`/restores/${restore.id}`} class="wrap">{restore.target_db_name} <span class="dim">#{restore.id}</span></A> <Tag>{restore.must_be_new ? words().newTag : words().inPlaceTag}</Tag></td>
            <td data-label={words().version}><A class="plain-link" href={`/backups/${restore.backup_id}`}>{f().moment(restore.backup_created_at)}</A><span class="dim small block wrap">{restore.source_database_name}</span></td>
            <td data-label={t().backups.status} classList={{ whole: isOpen(restore) }}><Standing restore={restore} progress={live(restore.id) ?? restore.progress} /></td>
            <td class="end" data-label={t().backups.took}>{restore.duration_ms === null ? "–" : f().duration(restore.duration_ms)}</td>
            <td class="end dim" data-label={words().ordered}><Ago at={restore.created_at} /></td>
            <td class="end" classList={{ whole: restore.status === "pending" }}><Show when={restore.status === "pending" && may("operate", restore.user_id)}><CancelButton job_id={restore.job_id} label={words().cancelOf(restore.target_db_name)} /></Show></td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}

/** How it ended, or how far it is. */
function Standing(props: { restore: Restore; progress: Restore["progress"] }) {
  const left_ms = createCountdown(() => props.restore);
  return (
    <Show when={props.restore.status !== "running"} fallback={<JobProgress begun label={t().restores.to(props.restore.target_db_name)} progress={props.progress} />}>
      <StatusBadge status={props.restore.status} />
      <Show when={props.restore.status === "pending" && left_ms() > 0}><span class="dim small block">{t().restores.startsIn(Math.ceil(left_ms() / 1000))}</span></Show>
    </Show>
  );
}
