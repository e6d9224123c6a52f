import { useSearchParams } from "@solidjs/router";
import { createEffect, on, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Bulk } from "./bulk.tsx";
import { Filters } from "./filters.tsx";
import { filterOf, NAMES } from "./filter.ts";
import { createSelection } from "./selection.ts";
import { BackupTable } from "./table.tsx";
import "./backups.css";

const PER_PAGE = "25";

/** All backups, page by page. What is chosen stands in the address, so that it can be sent and gone back to. */
export default function BackupsPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const page = () => /^[1-9]\d{0,5}$/.exec(params["page"] ?? "")?.[0] ?? "1";
  const data = createData(() => ({ ...filterOf(params), page: page(), per_page: PER_PAGE }), async (query) => ask(api.backups.$get({ query })), ["backup"]);
  const databases = createData(() => undefined, async () => (await ask(api.databases.$get({ query: {} }))).databases, ["database"]);
  const storages = createData(() => undefined, async () => (await ask(api.storages.$get({ query: {} }))).storages.map(({ name }) => name), ["storage"]);
  const selection = createSelection();
  createEffect(on(() => JSON.stringify(filterOf(params)), selection.clear, { defer: true }));
  const filtered = (): boolean => Object.keys(filterOf(params)).length > 0;
  const clear = (): void => setParams(Object.fromEntries([...NAMES, "page"].map((name) => [name, undefined])));
  return (
    <>
      <PageHead title={t().backups.title} />
      <Filters params={params} databases={databases.value() ?? []} storages={storages.value() ?? []} onChange={(changed) => setParams({ ...changed, page: undefined })} />
      <Bulk selection={selection} />
      <div class="card" aria-busy={data.loading()}>
        <Loaded of={data} lines={8}>{(value) => (
          <Show when={value().backups.length > 0} fallback={<None filtered={filtered()} beyond={value().pagination.total > 0} onClear={clear} onFirst={() => setParams({ page: undefined })} />}>
            <BackupTable backups={value().backups} selection={selection} />
          </Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => (
        <Pages {...pagination()} total={t().backups.total(pagination().total)} onPage={(to) => setParams({ page: to === 1 ? undefined : String(to) })} />
      )}</Show>
    </>
  );
}

/** Why there is nothing: none was made, none fits, or the page lies beyond the last one. */
function None(props: { filtered: boolean; beyond: boolean; onClear: () => void; onFirst: () => void }) {
  const words = () => t().backups;
  return (
    <Show when={!props.beyond} fallback={<Empty title={words().beyond}><Button onClick={props.onFirst}>{words().first}</Button></Empty>}>
      <Show when={props.filtered} fallback={<Empty title={words().emptyTitle} text={words().emptyText}><ButtonLink href="/databases" look="main">{t().dashboard.see}</ButtonLink></Empty>}>
        <Empty title={words().noMatch}><Button onClick={props.onClear}>{words().clear}</Button></Empty>
      </Show>
    </Show>
  );
}
