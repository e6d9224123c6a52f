import { A } from "@solidjs/router";
import { createMemo, createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { TextField } from "../../ui/field.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import { createProgress } from "../backups/live.ts";
import { may } from "../session/rights.ts";
import { BackUpButton } from "./back-up-button.tsx";
import { fits, rowsOf, TONES, type Row } from "./state.ts";
import "../../ui/table.css";
import "./databases.css";

/** Every database with the state of its backups. */
export default function DatabasesPage() {
  const [search, setSearch] = createSignal("");
  const data = createData(() => undefined, load, ["backup", "database", "objective", "schedule"]);
  return (
    <>
      <PageHead title={t().databases.title}><Show when={may("manage")}><ButtonLink href="/databases/new" look="main" icon="plus">{t().databases.add}</ButtonLink></Show></PageHead>
      <Loaded of={data}>{(value) => (
        <Show when={value().databases.length > 0} fallback={
          <div class="card"><Empty title={t().databases.emptyTitle} text={t().databases.emptyText}><ButtonLink href="/databases/new" look="main" icon="plus">{t().databases.add}</ButtonLink></Empty></div>
        }>
          <div class="search"><TextField name="search" type="search" label={t().databases.search} placeholder={t().databases.search} value={search()} onInput={setSearch} /></div>
          <Rows rows={rowsOf(value().databases, value().objectives, new Set(value().open.map(({ database_id }) => database_id)))} open={value().open} search={search()} />
        </Show>
      )}</Loaded>
    </>
  );
}

type Loaded = Awaited<ReturnType<typeof load>>;

async function load() {
  const open = async (status: "pending" | "running") => (await ask(api.backups.$get({ query: { status, per_page: "200" } }))).backups;
  const [{ databases }, { objectives }, pending, running] = await Promise.all([
    ask(api.databases.$get({ query: {} })), ask(api.objectives.$get({ query: { per_page: "200" } })), open("pending"), open("running"),
  ]);
  return { databases, objectives, open: [...running, ...pending] };
}

function Rows(props: { rows: readonly Row[]; open: Loaded["open"]; search: string }) {
  const live = createProgress();
  const found = createMemo(() => props.rows.filter(({ database }) => fits(database, props.search)));
  const words = () => t().databases;
  const runs = (id: number) => props.open.find((backup) => backup.database_id === id);
  return (
    <>
      <p class="hidden" role="status">{words().found(found().length)}</p>
      <div class="card">
        <Show when={found().length > 0} fallback={<Empty title={words().noMatch} />}>
          <table class="table">
            <thead><tr><th scope="col">{words().name}</th><th scope="col">{words().address}</th><th scope="col">{words().state}</th><th scope="col">{words().newest}</th><th scope="col"><span class="hidden">{words().actions}</span></th></tr></thead>
            <tbody>
              <For each={found()}>{({ database, state, newest_at }) => (
                <tr>
                  <td class="whole"><A href={`/backups?database_id=${database.id}`} title={words().history(database.name)} class="wrap">{database.name}</A> <Tag>{t().engines[database.type]}</Tag></td>
                  <td class="whole dim wrap small">{database.host}:{database.port}/{database.db_name}</td>
                  <td data-label={words().state}><Badge tone={TONES[state]}>{words().states[state]}</Badge></td>
                  <td data-label={words().newest}>
                    <Show when={runs(database.id)} fallback={newest_at === null ? <span class="dim">{words().none}</span> : <Ago at={newest_at} />}>
                      {(backup) => <JobProgress label={words().history(database.name)} progress={live(backup().id) ?? backup().progress} />}
                    </Show>
                  </td>
                  <td class="whole end"><BackUpButton database={database} running={state === "running"} /></td>
                </tr>
              )}</For>
            </tbody>
          </table>
        </Show>
      </div>
    </>
  );
}
