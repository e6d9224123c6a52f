import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Database, Objective } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { EditObjective } from "../objectives/edit.tsx";
import { durationWords } from "../schedules/duration.ts";
import { may } from "../session/rights.ts";
import { TONES } from "./state.ts";

/** How old the newest backup, and the newest proved one, may get. */
export function Objectives(props: { database: Database }) {
  const [changing, setChanging] = createSignal<Objective>();
  const words = () => t().database;
  const data = createData(() => props.database.id, async (id) => (await ask(api.objectives.$get({ query: { database_id: String(id) } }))).objectives, ["objective", "schedule", "backup", "verification"]);
  const limit = (objective: Objective): string => {
    if (!objective.enabled) return words().off;
    if (objective.limit_s === null) return words().noLimit;
    return objective.automatic ? words().automatic(durationWords(objective.limit_s)) : words().own(durationWords(objective.limit_s));
  };
  return (
    <Card title={words().objective}>
      <Loaded of={data} lines={2}>{(value) => (
        <ul class="side-list"><For each={value()}>{(objective) => (
          <li class="objective">
            <div>
              <p class="row objective-name">{objective.kind === "backup" ? words().heldTo : words().provedWithin}<Show when={objective.state !== "none"}><Badge tone={TONES[objective.state]}>{t().databases.states[objective.state]}</Badge></Show></p>
              <p class="small dim">{limit(objective)}</p>
            </div>
            <Show when={may("manage", props.database.user_id)}><Button look="quiet" icon="edit" label={`${words().change}: ${objective.kind === "backup" ? words().heldTo : words().provedWithin}`} onClick={() => setChanging(objective)}>{words().change}</Button></Show>
          </li>
        )}</For></ul>
      )}</Loaded>
      <Show when={data.value()?.every(({ limit_s }) => limit_s === null)}><p class="small dim">{words().noLimitHint}</p></Show>
      <Show when={changing()}>{(objective) => <EditObjective objective={objective()} onClose={() => setChanging(undefined)} onDone={data.again} />}</Show>
    </Card>
  );
}
