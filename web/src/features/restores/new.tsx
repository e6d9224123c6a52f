import { A, useParams, useSearchParams } from "@solidjs/router";
import { Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty, Problem } from "../../ui/problem.tsx";
import { Steps } from "./steps.tsx";
import { isLost } from "./version-list.tsx";
import "../backups/backups.css";
import "./restores.css";

const LOOKED_AT = "50";

/** A restore from the version to the order, on one page. What is chosen stands in the address; the newest good version is the default, but for what was saved before a restore. */
export default function RestorePage() {
  const params = useParams<{ id?: string }>();
  const [query, setQuery] = useSearchParams<Record<string, string>>();
  const databases = createData(() => undefined, async () => (await ask(api.databases.$get({ query: {} }))).databases, ["database"]);
  const asked_id = (): string | undefined => query["database_id"] ?? (databases.value()?.length === 1 ? String(databases.value()?.[0]?.id) : undefined);
  const newest = createData(
    () => (params.id === undefined && query["version"] === undefined ? asked_id() : undefined),
    async (id) => (id === undefined ? undefined : (await ask(api.backups.$get({ query: { database_id: id, status: "completed", per_page: LOOKED_AT } }))).backups.find((backup) => !isLost(backup) && backup.trigger !== "safety")),
  );
  const version = (): string | undefined => query["version"] ?? params.id ?? newest.value()?.id.toString();
  const backup = createData(version, async (id) => (id === undefined ? undefined : (await ask(api.backups[":id"].$get({ param: { id }, query: {} }))).backup), ["verification", "check"]);
  const source_id = (): string => String(backup.value()?.database_id ?? asked_id() ?? "");
  const sources = () => [...(source_id() === "" ? [{ value: "", label: t().restores.chooseDatabase }] : []), ...(databases.value() ?? []).map(({ id, name }) => ({ value: String(id), label: name }))];
  const none = (): boolean => asked_id() !== undefined && version() === undefined && !newest.loading();
  const above = () => (params.id === undefined ? { href: "/restores", text: t().restores.all } : { href: `/backups/${params.id}`, text: t().backups.one(Number(params.id)) });
  return (
    <>
      <PageHead title={t().restores.newTitle} above={<A href={above().href} class="small">{above().text}</A>} />
      <Loaded of={databases} lines={8}>{(all) => (
        <Show when={all().length > 0 || params.id !== undefined} fallback={<div class="card"><Empty title={t().restores.nothingTitle} text={t().restores.nothingText}><ButtonLink href="/databases" look="main">{t().dashboard.see}</ButtonLink></Empty></div>}>
          <Show when={backup.error()}>{(error) => <Problem title={t().errors.load} error={error()}><Button onClick={backup.again} busy={backup.loading()}>{t().app.retry}</Button></Problem>}</Show>
          <Show when={backup.error() === undefined}>
            <Steps databases={all()} backup={backup.value()} current={String(backup.value()?.id) === version()} none={none()} defaults={query}
              onVersion={(id) => setQuery({ version: String(id) }, { replace: true, scroll: false })}>
              <Show when={params.id === undefined}><SelectField name="source" label={t().restores.source} value={source_id()} options={sources()} onChange={(id) => setQuery({ database_id: id, version: undefined }, { replace: true, scroll: false })} /></Show>
            </Steps>
          </Show>
        </Show>
      )}</Loaded>
    </>
  );
}
