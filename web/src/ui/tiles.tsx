import { createUniqueId, For, Show } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";
import "./tiles.css";

/** One of a few, each with what it is. */
export function Tiles<T extends string>(props: { label: string; value: T | undefined; options: readonly { value: T; label: string; hint?: string; icon: IconName }[]; onChange: (value: T) => void }) {
  const name = createUniqueId();
  return (
    <fieldset class="tiles">
      <legend>{props.label}</legend>
      <div class="tiles-grid">
        <For each={props.options}>{(option) => (
          <label class="tile">
            <input type="radio" name={name} value={option.value} checked={option.value === props.value} onChange={() => props.onChange(option.value)} />
            <Icon name={option.icon} size={20} />
            <span class="tile-text"><span class="strong">{option.label}</span><Show when={option.hint}><span class="dim small">{option.hint}</span></Show></span>
          </label>
        )}</For>
      </div>
    </fieldset>
  );
}
