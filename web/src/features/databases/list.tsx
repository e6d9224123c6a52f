import { useSearchParams } from "@solidjs/router";
import { Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { may } from "../session/rights.ts";
import { Filters } from "./filters.tsx";
import { queryOf, sortedBy, type Sort } from "./state.ts";
import { DatabaseTable } from "./table.tsx";
import "../../ui/table.css";
import "./list.css";

const PER_PAGE = "25";

/** Every database with how its backups stand. What is chosen stands in the address, so that it can be sent and gone back to. */
export default function DatabasesPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const query = () => queryOf(params);
  const data = createData(query, async (asked) => ask(api.databases.overview.$get({ query: { ...asked, per_page: PER_PAGE } })), ["backup", "database", "objective", "schedule", "verification", "check"]);
  const sort = (wanted: Sort): void => setParams(sortedBy(query(), wanted));
  const narrowed = (): boolean => query().q !== undefined || query().type !== undefined || query().state !== undefined;
  const clear = (): void => setParams({ q: undefined, type: undefined, state: undefined, page: undefined });
  const add = () => <Show when={may("manage")}><ButtonLink href="/databases/new" look="main" icon="plus">{t().databases.add}</ButtonLink></Show>;
  return (
    <>
      <PageHead title={t().databases.title}>{add()}</PageHead>
      <Loaded of={data} lines={8}>{(value) => (
        <Show when={value().counts.all > 0 || narrowed()} fallback={<div class="card"><Empty title={t().databases.emptyTitle} text={t().databases.emptyText}>{add()}</Empty></div>}>
          <Filters query={query()} counts={value().counts} onSort={sort} onChange={(change, replace) => setParams({ page: undefined, ...change }, { replace: replace ?? false })} />
          <p class="hidden" role="status">{t().databases.found(value().pagination.total)}</p>
          <div class="card" aria-busy={data.loading()}>
            <Show when={value().databases.length > 0} fallback={<Empty title={t().databases.noMatch}><Button onClick={clear}>{t().backups.clear}</Button></Empty>}>
              <DatabaseTable databases={value().databases} paused={value().schedules_paused} query={query()} onSort={sort} onDeleted={data.again} />
            </Show>
          </div>
          <Pages {...value().pagination} total={t().databases.found(value().pagination.total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />
        </Show>
      )}</Loaded>
    </>
  );
}
