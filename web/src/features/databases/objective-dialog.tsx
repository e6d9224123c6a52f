import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Objective } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Choice, SelectField, TextField } from "../../ui/field.tsx";
import { createForm } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { secondsOf, spanOf, type SpanUnit } from "./span.ts";

type Way = "automatic" | "own" | "off";

/** What an objective is held to: its schedules, a limit of its own, or nothing. */
export function ObjectiveDialog(props: { objective: Objective; onClose: () => void; onSaved: () => void }) {
  const words = () => t().database;
  const span = spanOf(props.objective.limit_s ?? 172_800);
  const [way, setWay] = createSignal<Way>(!props.objective.enabled ? "off" : props.objective.automatic ? "automatic" : "own");
  const [unit, setUnit] = createSignal<SpanUnit>(span.unit);
  const form = createForm({ max_age_s: String(span.value) }, { max_age_s: (typed) => (way() !== "own" || secondsOf(typed, unit()) !== undefined ? undefined : words().badAge) });
  const save = async ({ max_age_s }: { max_age_s: string }): Promise<void> => {
    const json = way() === "off" ? { enabled: false } : { enabled: true, max_age_s: way() === "own" ? secondsOf(max_age_s, unit()) ?? null : null };
    await ask(api.objectives[":id"].$put({ param: { id: String(props.objective.id) }, query: {}, json }));
    toast("good", words().objectiveSaved);
    props.onSaved();
    props.onClose();
  };
  return (
    <Dialog title={`${words().objective}: ${props.objective.kind === "backup" ? words().heldTo : words().provedWithin}`} onClose={props.onClose}>
      <form class="stack" noValidate onSubmit={form.submit(save)}>
        <Choice label={words().objective} value={way()} onChange={setWay} options={[{ value: "automatic", label: words().followsSchedules }, { value: "own", label: words().ownLimit }, { value: "off", label: words().unwatched }]} />
        <Show when={way() === "own"}>
          <div class="database-options">
            <TextField label={words().maxAge} inputmode="numeric" {...form.field("max_age_s")} />
            <SelectField name="unit" label={words().unit} value={unit()} options={(["hours", "days"] as const).map((value) => ({ value, label: words().units[value] }))} onChange={setUnit} />
          </div>
        </Show>
        <p class="small dim">{words().objectiveHint}</p>
        <Show when={form.loose()}>{(thrown) => <Problem error={thrown()} />}</Show>
        <div class="dialog-actions"><Button onClick={() => props.onClose()}>{t().form.cancel}</Button><Button type="submit" look="main" busy={form.busy()}>{t().form.save}</Button></div>
      </form>
    </Dialog>
  );
}
