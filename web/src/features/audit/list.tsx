import { A, useSearchParams } from "@solidjs/router";
import type { InferResponseType } from "hono/client";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { scoped } from "../../api/scope.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Filters } from "./filters.tsx";
import { detailsOf, filterOf, type Subject } from "./filter.ts";
import "../../ui/table.css";
import "./audit.css";

type Entry = InferResponseType<(typeof api)["audit"]["$get"], 200>["entries"][number];
const PER_PAGE = "50";
/** Where what an entry is about can be looked at. */
const PATHS: Readonly<Record<string, string>> = { backup: "/backups", database: "/databases", restore: "/restores", schedule: "/schedules", storage: "/storages", channel: "/alerts" };

/** Who did what; what is chosen stands in the address. */
export default function AuditPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const subjects = (): Subject[] => Object.keys(t().audit.subjects) as Subject[];
  const filter = () => filterOf(params, subjects());
  const data = createData(() => ({ ...filter(), page: params["page"] ?? "1", per_page: PER_PAGE }), (query) => ask(api.audit.$get({ query })));
  const clear = (): void => setParams({ subject: undefined, outcome: undefined, actor: undefined, since: undefined, until: undefined, page: undefined });
  const exported = (): string => scoped(`/api/audit/export?${new URLSearchParams({ ...filter() }).toString()}`);
  return (
    <>
      <PageHead title={t().audit.title}><a class="button button-plain" href={exported()} download="safebase-audit.csv"><Icon name="download" />{t().audit.csv}</a></PageHead>
      <Filters params={params} subjects={subjects()} onChange={(changed) => setParams({ ...changed, page: undefined })} />
      <div class="card audit">
        <Loaded of={data} lines={10}>{(value) => (
          <Show when={value().entries.length > 0} fallback={<Show when={Object.keys(filter()).length > 0} fallback={<Empty title={t().audit.empty} />}><Empty title={t().audit.noMatch}><Button onClick={clear}>{t().audit.clear}</Button></Empty></Show>}>
            <Entries entries={value().entries} />
          </Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => (
        <Pages {...pagination()} total={t().audit.total(pagination().total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />
      )}</Show>
    </>
  );
}

function Entries(props: { entries: readonly Entry[] }) {
  const words = () => t().audit;
  return (
    <table class="table">
      <thead><tr><th scope="col">{words().at}</th><th scope="col">{words().actor}</th><th scope="col">{words().action}</th><th scope="col">{words().detail}</th><th scope="col">{words().from}</th></tr></thead>
      <tbody>
        <For each={props.entries}>{(entry) => (
          <tr>
            <td class="audit-at dim"><time datetime={entry.at} title={f().exact(entry.at)}>{f().moment(entry.at)}</time></td>
            <td class="audit-who wrap">{entry.actor}</td>
            <td class="whole audit-what">
              <p class="audit-title">
                <span class="strong" title={entry.action}>{words().actions[entry.action] ?? entry.action}</span>
                <Show when={entry.outcome !== "ok" && entry.outcome}>{(outcome) => <Badge tone={outcome() === "failed" ? "bad" : "warn"}>{words().outcomes[outcome()]}</Badge>}</Show>
              </p>
              <Show when={entry.object_type !== null && entry.object_id !== null}><p class="small"><About entry={entry} /></p></Show>
            </td>
            <td class="whole small wrap"><Details entry={entry} /></td>
            <td class="audit-ip dim small" data-label={words().from}>{entry.ip ?? "–"}</td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}

function About(props: { entry: Entry }) {
  const type = (): string => props.entry.object_type ?? "";
  const words = (): string => `${(t().audit.objects as Readonly<Record<string, string>>)[type()] ?? type()} ${props.entry.object_id}`;
  return <Show when={PATHS[type()]} fallback={<span class="dim">{words()}</span>}>{(path) => <A href={`${path()}/${props.entry.object_id}`}>{words()}</A>}</Show>;
}

function Details(props: { entry: Entry }) {
  return <dl class="audit-details"><For each={detailsOf(props.entry.detail)}>{({ name, text }) => <div><dt>{name}</dt><dd>{text}</dd></div>}</For></dl>;
}
