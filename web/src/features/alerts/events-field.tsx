import { For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Choice } from "../../ui/field.tsx";
import type { Form } from "../../ui/form.ts";
import { Icon } from "../../ui/icon.tsx";
import { listOf, withPart, type ChannelValues } from "./config.ts";
import { GROUPS, KINDS, presetOf, PRESETS, SEVERITY, type Group, type Preset } from "./kinds.ts";
import { SEVERITY_TONES } from "./looks.tsx";

type Chosen = Preset | "custom";

/** What it is told of: in one word, or one by one. */
export function EventsField(props: { form: Form<ChannelValues> }) {
  const words = () => t().alerts;
  const chosen = () => KINDS.filter((kind) => listOf(props.form.values().events).includes(kind));
  const preset = (): Chosen => presetOf(chosen()) ?? "custom";
  const wrong = (): string | undefined => props.form.field("events").error;
  const choose = (wanted: Chosen): void => { if (wanted === "custom") details?.setAttribute("open", ""); else props.form.set("events", PRESETS[wanted].join()); };
  let details: HTMLDetailsElement | undefined;
  return (
    <div class="stack">
      <Choice label={words().told} value={preset()} options={([...Object.keys(PRESETS), "custom"] as Chosen[]).map((value) => ({ value, label: words().presets[value].name }))} onChange={choose} />
      <p class="dim small">{words().presets[preset()].hint}</p>
      <Show when={wrong()}>{(text) => <p class="field-error"><Icon name="alert" size={14} />{text()}</p>}</Show>
      <details class="kinds-all" open={preset() === "custom" || wrong() !== undefined} ref={(element) => { details = element; }}>
        <summary>{words().oneByOne} <span class="dim">{words().chosenOf(f().number(chosen().length), f().number(KINDS.length))}</span></summary>
        <div class="kinds-grid"><For each={Object.keys(GROUPS) as Group[]}>{(group) => <GroupField form={props.form} group={group} />}</For></div>
      </details>
    </div>
  );
}

function GroupField(props: { form: Form<ChannelValues>; group: Group }) {
  const words = () => t().alerts;
  const events = () => props.form.values().events;
  return (
    <fieldset class="kinds-group">
      <legend>{words().groups[props.group]}</legend>
      <For each={GROUPS[props.group]}>{(kind) => (
        <label class="kind-line">
          <input type="checkbox" name="events" checked={listOf(events()).includes(kind)} onChange={(event) => props.form.set("events", withPart(events(), kind, event.currentTarget.checked))} />
          <span class="wrap">{t().notices.what[kind]}</span>
          <Show when={SEVERITY[kind] !== "info"}><span class={`kind-mark tone-${SEVERITY_TONES[SEVERITY[kind]]}`} title={words().severities[SEVERITY[kind]]} aria-hidden="true" /></Show>
        </label>
      )}</For>
    </fieldset>
  );
}
