import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Objective } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Choice, SelectField, TextField } from "../../ui/field.tsx";
import { Problem } from "../../ui/problem.tsx";
import { createSubmit } from "../../ui/submit.ts";
import { Switch } from "../../ui/switch.tsx";
import { toast } from "../../ui/toasts.tsx";
import { amountOf, durationWords, secondsOf, unitOf, UNITS, type Unit } from "../schedules/duration.ts";
import "./objectives.css";

const USUAL_S = 2 * 86_400;
/** What the API takes at most. */
const LONGEST_S = 10 * 366 * 86_400;

/** How old a database's newest backup may get: as its schedule says, or so long. */
export function EditObjective(props: { objective: Objective; onDone: () => void; onClose: () => void }) {
  const words = () => t().objectives;
  const { enabled: before, max_age_s, limit_s } = props.objective;
  const shown_s = max_age_s ?? limit_s ?? USUAL_S;
  const [enabled, setEnabled] = createSignal(before);
  const [own, setOwn] = createSignal(max_age_s !== null);
  const [unit, setUnit] = createSignal<Unit>(unitOf(shown_s));
  const [amount, setAmount] = createSignal(String(amountOf(shown_s, unitOf(shown_s))));
  const submit = createSubmit([]);
  const [tried, setTried] = createSignal(false);
  const max_s = (): number => secondsOf(Number(amount()), unit());
  const wrong = (): boolean => own() && enabled() && !(Number.isInteger(Number(amount())) && max_s() >= 60 && max_s() <= LONGEST_S);
  const save = async (): Promise<void> => {
    setTried(true);
    if (wrong()) return;
    await ask(api.objectives[":id"].$put({ param: { id: String(props.objective.id) }, query: {}, json: { enabled: enabled(), ...(enabled() ? { max_age_s: own() ? max_s() : null } : {}) } }));
    toast("good", words().saved);
    props.onDone();
    props.onClose();
  };
  return (
    <Dialog title={words().dialog(props.objective.database_name)} onClose={props.onClose}>
      <form class="stack" noValidate onSubmit={submit.run(save)}>
        <Show when={submit.loose()}>{(error) => <Problem error={error()} />}</Show>
        <p class="strong">{words().kinds[props.objective.kind]}</p>
        <Switch name="enabled" label={words().enabled} shown on={enabled()} onChange={setEnabled} />
        <Show when={enabled()}>
          <Choice label={words().how} value={own() ? "own" : "auto"} options={[{ value: "auto", label: words().byschedule }, { value: "own", label: words().ownLimit }]} onChange={(how) => setOwn(how === "own")} />
          <Show when={own()} fallback={<p class="dim">{words().byscheduleHint} {props.objective.automatic ? (limit_s === null ? words().bynone : words().byscheduleNow(durationWords(limit_s))) : ""}</p>}>
            <div class="objective-limit">
              <TextField name="max_age_s" type="number" inputmode="numeric" label={words().amount} value={amount()} error={tried() && wrong() ? words().wrong : undefined} onInput={setAmount} />
              <SelectField name="unit" label={t().durations.unit} value={unit()} options={UNITS.map((value) => ({ value, label: t().durations.units[value] }))} onChange={setUnit} />
            </div>
          </Show>
        </Show>
        <div class="dialog-actions"><Button onClick={() => props.onClose()}>{t().form.cancel}</Button><Button type="submit" look="main" busy={submit.busy()}>{t().form.save}</Button></div>
      </form>
    </Dialog>
  );
}
