import { A, useSearchParams } from "@solidjs/router";
import { Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Objective } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Choice } from "../../ui/field.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { ObjectiveTable } from "./table.tsx";
import "../schedules/schedules.css";

const PER_PAGE = "50";
const STATES = Object.keys({ missed: 1, at_risk: 1, met: 1, none: 1 } satisfies Record<Objective["state"], 1>) as Objective["state"][];

/** How old backups may get and are, of every database. */
export default function ObjectivesPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const state = () => STATES.find((each) => each === params["state"]);
  const query = () => ({ page: params["page"] ?? "1", per_page: PER_PAGE, ...(state() === undefined ? {} : { state: state() as Objective["state"] }), ...(params["database_id"] === undefined ? {} : { database_id: params["database_id"] }) });
  const data = createData(query, async (asked) => ask(api.objectives.$get({ query: asked })), ["objective", "backup", "schedule"]);
  const filtered = (): boolean => state() !== undefined || params["database_id"] !== undefined;
  const words = () => t().objectives;
  return (
    <>
      <PageHead title={words().title} above={<A href="/schedules" class="small">{words().back}</A>} />
      <p class="objectives-lead">{words().lead}</p>
      <div class="schedule-filters">
        <Choice label={words().state} value={state() ?? "all"} options={[{ value: "all", label: words().all }, ...STATES.map((value) => ({ value, label: words().states[value] }))]} onChange={(chosen) => setParams({ state: chosen === "all" ? undefined : chosen, page: undefined })} />
      </div>
      <div class="card">
        <Loaded of={data} lines={8}>{(value) => (
          <Show when={value().objectives.length > 0} fallback={
            <Show when={filtered()} fallback={<Empty title={words().emptyTitle} text={words().emptyText} />}>
              <Empty title={words().noMatch}><Button onClick={() => setParams({ state: undefined, database_id: undefined, page: undefined })}>{words().clear}</Button></Empty>
            </Show>
          }>
            <ObjectiveTable objectives={value().objectives} onDone={data.again} />
          </Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => <Pages {...pagination()} total={words().total(pagination().total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />}</Show>
    </>
  );
}
