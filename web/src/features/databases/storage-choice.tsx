import { For, Show } from "solid-js";
import { CheckField } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";

/** Some of the storages. */
export function StorageChoice(props: { legend: string; names: readonly string[]; chosen: readonly string[]; error?: string | undefined; onChange: (chosen: string[]) => void }) {
  const toggle = (name: string, on: boolean): void => props.onChange(props.names.filter((each) => (each === name ? on : props.chosen.includes(each))));
  return (
    <fieldset class="storage-choice">
      <legend>{props.legend}</legend>
      <For each={props.names}>{(name) => <CheckField name={`storage-${name}`} label={name} checked={props.chosen.includes(name)} onChange={(on) => toggle(name, on)} />}</For>
      <Show when={props.error}><p class="field-error" role="alert"><Icon name="alert" size={14} />{props.error}</p></Show>
    </fieldset>
  );
}
