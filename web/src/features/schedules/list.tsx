import { A, useSearchParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData, type Data } from "../../api/data.ts";
import { scope } from "../../api/scope.ts";
import type { Schedule } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Tag } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import { may } from "../session/rights.ts";
import { PauseSwitch, RunNow } from "./controls.tsx";
import { cronWords } from "./cron-words.ts";
import { LastRuns } from "./standing.tsx";
import "../../ui/table.css";
import "./schedules.css";

const PER_PAGE = "25";
const STATES = ["all", "on", "off"] as const;

/** What runs by itself, and how that goes. What is chosen stands in the address. */
export default function SchedulesPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const state = () => STATES.find((each) => each === params["state"]) ?? "all";
  const query = () => ({
    page: params["page"] ?? "1", per_page: PER_PAGE, ...(state() === "all" ? {} : { enabled: state() === "on" ? "true" as const : "false" as const }),
    ...((params["search"] ?? "") === "" ? {} : { search: params["search"] ?? "" }), ...(params["database_id"] === undefined ? {} : { database_id: params["database_id"] }),
  });
  const data = createData(query, async (asked) => ask(api.schedules.$get({ query: asked })), ["schedule", "backup"]);
  const filtered = (): boolean => ["search", "state", "database_id"].some((name) => (params[name] ?? "") !== "");
  const clear = (): void => setParams({ search: undefined, state: undefined, database_id: undefined, page: undefined });
  const words = () => t().schedules;
  return (
    <>
      <PageHead title={words().title}>
        <ButtonLink href="/objectives">{t().objectives.title}</ButtonLink>
        <Show when={may("manage")}><ButtonLink href="/schedules/new" look="main" icon="plus">{words().add}</ButtonLink></Show>
      </PageHead>
      <div class="schedule-filters">
        <TextField name="search" type="search" label={words().search} placeholder={words().search} value={params["search"] ?? ""} onInput={(search) => setParams({ search: search === "" ? undefined : search, page: undefined }, { replace: true })} />
        <Choice label={words().state} value={state()} options={STATES.map((value) => ({ value, label: words().states[value] }))} onChange={(chosen) => setParams({ state: chosen === "all" ? undefined : chosen, page: undefined })} />
      </div>
      <Show when={data.value()?.schedules.some(({ paused }) => paused)}><p class="notice-line"><Icon name="alert" />{words().allPaused}. {words().allPausedText}</p></Show>
      <div class="card">
        <Loaded of={data} lines={8}>{(value) => (
          <Show when={value().schedules.length > 0} fallback={
            <Show when={filtered()} fallback={<Empty title={words().emptyTitle} text={words().emptyText}><Show when={may("manage")}><ButtonLink href="/schedules/new" look="main" icon="plus">{words().add}</ButtonLink></Show></Empty>}>
              <Empty title={words().noMatch}><Button onClick={clear}>{words().clear}</Button></Empty>
            </Show>
          }>
            <Rows schedules={value().schedules} data={data} />
          </Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => <Pages {...pagination()} total={words().total(pagination().total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />}</Show>
    </>
  );
}

function Rows(props: { schedules: readonly Schedule[]; data: Data<unknown> }) {
  const words = () => t().schedules;
  return (
    <table class="table">
      <thead><tr><th scope="col">{words().database}</th><th scope="col">{words().when}</th><th scope="col">{words().next}</th><th scope="col">{words().last}</th><th scope="col"><span class="hidden">{words().actions}</span></th></tr></thead>
      <tbody><For each={props.schedules}>{(schedule) => <Row schedule={schedule} onDone={props.data.again} />}</For></tbody>
    </table>
  );
}

function Row(props: { schedule: Schedule; onDone: () => void }) {
  const words = () => t().schedules;
  const runs = (): boolean => ["pending", "running"].includes(props.schedule.last_runs.at(-1)?.status ?? "");
  return (
    <tr classList={{ "schedule-off": !props.schedule.enabled }}>
      <td class="whole">
        <A href={`/schedules/${props.schedule.id}`} class="wrap">{props.schedule.name}</A>
        <Show when={props.schedule.name !== props.schedule.database_name}><div class="small dim wrap">{props.schedule.database_name}</div></Show>
        <Show when={scope() === "all"}><div class="small dim wrap">{words().owner(props.schedule.user_email)}</div></Show>
      </td>
      <td class="whole"><span class="schedule-when">{cronWords(props.schedule.cron)}</span><div class="small dim">{props.schedule.timezone}</div></td>
      <td data-label={words().next}><Show when={props.schedule.next_run_at} fallback={<Tag>{words().paused}</Tag>}>{(at) => <Ago at={at()} />}</Show></td>
      <td data-label={words().last}><LastRuns schedule={props.schedule} /></td>
      <td class="whole end"><span class="schedule-actions"><PauseSwitch schedule={props.schedule} onDone={props.onDone} /><RunNow schedule={props.schedule} busy={runs()} /></span></td>
    </tr>
  );
}
