import { createUniqueId, For, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";
import "./field.css";

interface Common { label: string; name: string; hint?: string; error?: string | undefined }

/** What a label, its hint and its error say of one control, tied together for whoever does not see them. */
function Labelled(props: Common & { children: (ids: { id: string; described: string | undefined }) => JSX.Element }) {
  const id = createUniqueId();
  const described = (): string | undefined => (props.error !== undefined ? `${id}-error` : props.hint === undefined ? undefined : `${id}-hint`);
  return (
    <div class="field" classList={{ "field-wrong": props.error !== undefined }}>
      <label for={id}>{props.label}</label>
      {props.children({ id, get described() { return described(); } })}
      <Show when={props.error} fallback={<Show when={props.hint}><p class="field-hint" id={`${id}-hint`}>{props.hint}</p></Show>}>
        <p class="field-error" id={`${id}-error`}><Icon name="alert" size={14} />{props.error}</p>
      </Show>
    </div>
  );
}

/** A line of text. Its name is what the API calls it, so that a refusal finds it. */
export function TextField(props: Common & {
  value: string; onInput: (value: string) => void; type?: "text" | "email" | "password" | "search"; autocomplete?: string; required?: boolean; mono?: boolean; inputmode?: "numeric"; placeholder?: string;
}) {
  return (
    <Labelled label={props.label} name={props.name} {...(props.hint === undefined ? {} : { hint: props.hint })} error={props.error}>
      {(ids) => (
        <input id={ids.id} name={props.name} type={props.type ?? "text"} value={props.value} autocomplete={props.autocomplete ?? "off"} inputmode={props.inputmode}
          aria-required={props.required} aria-invalid={props.error !== undefined} aria-describedby={ids.described} placeholder={props.placeholder}
          classList={{ mono: props.mono ?? false }} spellcheck={false} autocapitalize="off" onInput={(event) => props.onInput(event.currentTarget.value)} />
      )}
    </Labelled>
  );
}

/** One of a few. */
export function SelectField<T extends string>(props: Common & { value: T; options: readonly { value: T; label: string }[]; onChange: (value: T) => void }) {
  return (
    <Labelled label={props.label} name={props.name} error={props.error}>
      {(ids) => (
        <select id={ids.id} name={props.name} value={props.value} aria-describedby={ids.described} onChange={(event) => props.onChange(event.currentTarget.value as T)}>
          <For each={props.options}>{(option) => <option value={option.value} selected={option.value === props.value}>{option.label}</option>}</For>
        </select>
      )}
    </Labelled>
  );
}

/** One of two or three, all seen. */
export function Choice<T extends string>(props: { label: string; value: T; options: readonly { value: T; label: string }[]; onChange: (value: T) => void }) {
  const name = createUniqueId();
  return (
    <fieldset class="choice">
      <legend class="hidden">{props.label}</legend>
      <For each={props.options}>{(option) => (
        <label>
          <input type="radio" name={name} value={option.value} checked={option.value === props.value} onChange={() => props.onChange(option.value)} />
          <span>{option.label}</span>
        </label>
      )}</For>
    </fieldset>
  );
}
