import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { DatabaseOverview } from "../../api/types.ts";
import { scope } from "../../api/scope.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { Trend } from "../../ui/charts/trend.tsx";
import { Icon } from "../../ui/icon.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Strip } from "../../ui/strip.tsx";
import { Ago } from "../../ui/time.tsx";
import { createProgress } from "../backups/live.ts";
import { may } from "../session/rights.ts";
import { BackUpButton } from "./back-up-button.tsx";
import { Freshness, Shield, StateBadge } from "./freshness.tsx";
import { RowMenu } from "./row-menu.tsx";
import type { ListQuery, Sort } from "./state.ts";

/** Each database in a line: how its backups stand, and what one does with it. */
export function DatabaseTable(props: { databases: readonly DatabaseOverview[]; paused: boolean; query: ListQuery; onSort: (sort: Sort) => void; onDeleted: () => void }) {
  const live = createProgress();
  const words = () => t().databases;
  const head = (sort: Sort, label: string) => <Heading label={label} sort={sort} query={props.query} onSort={props.onSort} />;
  return (
    <table class="table databases">
      <thead><tr>
        {head("name", words().name)}<th scope="col">{words().results}</th>{head("newest", words().newest)}{head("size", words().stored)}
        <th scope="col">{words().next}</th><th scope="col"><span class="hidden">{words().actions}</span></th>
      </tr></thead>
      <tbody>
        <For each={props.databases}>{(database) => (
          <tr>
            <td class="whole databases-name"><Name database={database} /></td>
            <td data-label={words().results}><Strip results={database.results} label={words().resultsOf(database.name)} /></td>
            <td data-label={words().newest} class="databases-newest">
              <span class="databases-state"><StateBadge of={database} /></span>
              <Show when={database.running} fallback={<Freshness of={database} />}>
                {(running) => <JobProgress begun={running().status === "running"} label={words().history(database.name)} progress={live(running().id) ?? running().progress} />}
              </Show>
            </td>
            <td data-label={words().stored}><Stored database={database} /></td>
            <td data-label={words().next} class="databases-next dim">
              <Show when={database.next_run_at} fallback={<span>{props.paused && database.schedules > 0 ? words().paused : "–"}</span>}>{(at) => <Ago at={at()} />}</Show>
            </td>
            <td class="whole end">
              <div class="databases-actions">
                <Show when={may("operate", database.user_id)}><BackUpButton database={database} running={database.running !== null} /></Show>
                <RowMenu database={database} onDeleted={props.onDeleted} />
              </div>
            </td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}

function Heading(props: { label: string; sort: Sort; query: ListQuery; onSort: (sort: Sort) => void }) {
  const here = (): boolean => props.query.sort === props.sort;
  return (
    <th scope="col" aria-sort={here() ? (props.query.order === "asc" ? "ascending" : "descending") : undefined}>
      <button type="button" class="sort" classList={{ "sort-here": here(), "sort-up": props.query.order === "asc" }} onClick={() => props.onSort(props.sort)}>{props.label}<Icon name="down" size={13} /></button>
    </th>
  );
}

function Name(props: { database: DatabaseOverview }) {
  const words = () => t().databases;
  const address = (): string => `${props.database.host}:${props.database.port}/${props.database.db_name}`;
  return (
    <>
      <span class="databases-title"><A href={`/databases/${props.database.id}`} class="wrap">{props.database.name}</A><Shield of={props.database} /></span>
      <span class="databases-address"><Tag>{t().engines[props.database.type]}</Tag><span class="dim small clip" title={address()}>{address()}</span></span>
      <Show when={scope() === "all"}><span class="dim small clip databases-owner">{words().owner(props.database.user_email)}</span></Show>
      <Show when={props.database.missing_since}>{(since) => <Badge tone="warn" title={f().exact(since())}>{words().missing}</Badge>}</Show>
    </>
  );
}

function Stored(props: { database: DatabaseOverview }) {
  return (
    <Show when={props.database.backups > 0} fallback={<span class="dim">–</span>}>
      <span class="databases-stored">
        <span title={t().databases.completed(props.database.backups)}>{f().bytes(props.database.stored_bytes)}</span>
        <Show when={props.database.sizes.length > 1}><Trend small points={props.database.sizes.map(({ at, size }) => ({ at, value: size }))} label={t().databases.sizes} format={f().bytes} /></Show>
      </span>
    </Show>
  );
}
