import { Show } from "solid-js";
import type { DatabaseOverview } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Ago } from "../../ui/time.tsx";
import { dueOf } from "./state.ts";

/** The four things one wants to know first. */
export function Tiles(props: { of: DatabaseOverview }) {
  const words = () => t().database;
  const due = () => dueOf(props.of, Date.now());
  return (
    <dl class="database-tiles">
      <div>
        <dt>{words().newest}</dt>
        <dd><Show when={props.of.newest} fallback={words().never}>{(newest) => <Ago at={newest().at} />}</Show></dd>
        <dd class="small" classList={{ over: due() === "over" }}><Show when={due()} fallback={words().nothingDue}>{(which) => <Ago at={props.of.objective.due_at ?? ""} words={t().databases.due[which()]} />}</Show></dd>
      </div>
      <div>
        <dt>{words().next}</dt>
        <dd><Show when={props.of.next_run_at} fallback={words().noNext}>{(at) => <Ago at={at()} />}</Show></dd>
        <dd class="small"><Show when={props.of.next_run_at} fallback={props.of.schedules > 0 ? words().paused : words().noNextHint}>{(at) => <span>{f().moment(at())} · {words().schedulesOf(props.of.schedules)}</span>}</Show></dd>
      </div>
      <div>
        <dt>{words().proved}</dt>
        <dd><Show when={props.of.newest_verified?.verified_at} fallback={words().notProved}>{(at) => <Ago at={at()} />}</Show></dd>
        <dd class="small"><Show when={props.of.newest_verified} fallback={words().provedHint}>{(proved) => words().provedOf(f().moment(proved().at))}</Show></dd>
      </div>
      <div><dt>{words().stored}</dt><dd>{f().bytes(props.of.stored_bytes)}</dd><dd class="small">{words().completed(props.of.backups)}</dd></div>
    </dl>
  );
}
