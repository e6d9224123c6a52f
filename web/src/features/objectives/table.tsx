import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { scope } from "../../api/scope.ts";
import type { Objective } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { may } from "../session/rights.ts";
import { durationWords } from "../schedules/duration.ts";
import { EditObjective } from "./edit.tsx";
import "../../ui/table.css";
import "./objectives.css";

const TONES: Record<Objective["state"], Tone> = { met: "good", at_risk: "warn", missed: "bad", none: "none" };

/** Objectives, how they stand, and the way to change them. `of_one`: all of one database, which needs no naming. */
export function ObjectiveTable(props: { objectives: readonly Objective[]; of_one?: boolean; onDone: () => void }) {
  const [edited, setEdited] = createSignal<Objective>();
  const words = () => t().objectives;
  return (
    <>
      <table class="table">
        <thead><tr><Show when={props.of_one !== true}><th scope="col">{words().database}</th></Show><th scope="col">{words().what}</th><th scope="col">{words().state}</th><th scope="col">{words().age}</th><th scope="col">{words().limit}</th><th scope="col"><span class="hidden">{words().actions}</span></th></tr></thead>
        <tbody>
          <For each={props.objectives}>{(objective) => (
            <tr>
              <Show when={props.of_one !== true}>
                <td class="whole"><A href={`/databases/${objective.database_id}`} class="wrap">{objective.database_name}</A><Show when={scope() === "all"}><div class="small dim wrap">{t().schedules.owner(objective.user_email)}</div></Show></td>
              </Show>
              <td class="whole">{words().kinds[objective.kind]}</td>
              <td data-label={words().state}><Badge tone={TONES[objective.state]}>{objective.enabled ? words().states[objective.state] : words().off}</Badge></td>
              <td data-label={words().age}>{objective.age_s === null ? <span class="dim">{words().never}</span> : <span title={objective.newest_at === null ? "" : f().exact(objective.newest_at)}>{words().ofLimit(ageWords(objective.age_s))}</span>}</td>
              <td data-label={words().limit}><Show when={objective.limit_s} fallback={<span class="dim">{words().noLimit}</span>}>{(limit_s) => <>{durationWords(limit_s())} <span class="dim small">{objective.automatic ? words().automatic : words().own}</span></>}</Show></td>
              <td class="whole end"><Show when={may("manage", objective.user_id)}><Button icon="edit" label={words().editOf(words().kinds[objective.kind], objective.database_name)} onClick={() => setEdited(objective)}>{words().edit}</Button></Show></td>
            </tr>
          )}</For>
        </tbody>
      </table>
      <Show when={edited()}>{(objective) => <EditObjective objective={objective()} onDone={props.onDone} onClose={() => setEdited(undefined)} />}</Show>
    </>
  );
}

const AGES_S = [[86_400 * 2, 86_400], [3_600 * 2, 3_600], [0, 60]] as const;

/** An age, as exact as its size asks for: 95 minutes, 26 hours, 3 days. */
function ageWords(age_s: number): string {
  const unit_s = AGES_S.find(([from_s]) => age_s >= from_s)?.[1] ?? 60;
  const amount = Math.floor(age_s / unit_s);
  return t().durations[unit_s === 86_400 ? "day" : unit_s === 3_600 ? "hour" : "minute"](amount);
}
