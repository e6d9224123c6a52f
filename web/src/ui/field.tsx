import { createSignal, createUniqueId, For, Show, type JSX } from "solid-js";
import { t } from "../i18n/i18n.ts";
import { said } from "../i18n/said.ts";
import { Icon } from "./icon.tsx";
import "./button.css";
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
        <p class="field-error" id={`${id}-error`}><Icon name="alert" size={14} />{said(props.error ?? "").text}</p>
      </Show>
    </div>
  );
}

/** A line of text. Its name is what the API calls it, so that a refusal finds it. */
export function TextField(props: Common & {
  value: string; onInput: (value: string) => void; type?: "text" | "email" | "password" | "search" | "time" | "date" | "datetime-local" | "number"; list?: string; autocomplete?: string; required?: boolean; mono?: boolean; inputmode?: "numeric"; placeholder?: string;
}) {
  return (
    <Labelled label={props.label} name={props.name} {...(props.hint === undefined ? {} : { hint: props.hint })} error={props.error}>
      {(ids) => (
        <input id={ids.id} name={props.name} type={props.type ?? "text"} value={props.value} autocomplete={props.autocomplete ?? "off"} inputmode={props.inputmode} list={props.list}
          aria-required={props.required} aria-invalid={props.error !== undefined} aria-describedby={ids.described} placeholder={props.placeholder}
          classList={{ mono: props.mono ?? false }} spellcheck={false} autocapitalize="off" onInput={(event) => props.onInput(event.currentTarget.value)} />
      )}
    </Labelled>
  );
}

/** A secret: it is shown while its button is pressed in. */
export function SecretField(props: Common & { value: string; onInput: (value: string) => void; autocomplete?: string; required?: boolean; placeholder?: string }) {
  const [shown, setShown] = createSignal(false);
  return (
    <Labelled label={props.label} name={props.name} {...(props.hint === undefined ? {} : { hint: props.hint })} error={props.error}>
      {(ids) => (
        <div class="secret">
          <input id={ids.id} name={props.name} type={shown() ? "text" : "password"} value={props.value} autocomplete={props.autocomplete ?? "new-password"} placeholder={props.placeholder}
            aria-required={props.required} aria-invalid={props.error !== undefined} aria-describedby={ids.described} spellcheck={false} autocapitalize="off" onInput={(event) => props.onInput(event.currentTarget.value)} />
          <button type="button" class="icon-button" aria-pressed={shown()} aria-label={`${t().form.reveal}: ${props.label}`} onClick={() => setShown(!shown())}><Icon name={shown() ? "eyeOff" : "eye"} /></button>
        </div>
      )}
    </Labelled>
  );
}

/** Text of several lines: a certificate, a key. */
export function AreaField(props: Common & { value: string; onInput: (value: string) => void; rows?: number; placeholder?: string; required?: boolean }) {
  return (
    <Labelled label={props.label} name={props.name} {...(props.hint === undefined ? {} : { hint: props.hint })} error={props.error}>
      {(ids) => (
        <textarea id={ids.id} name={props.name} class="mono" rows={props.rows ?? 4} value={props.value} autocomplete="off" spellcheck={false} autocapitalize="off" placeholder={props.placeholder}
          aria-required={props.required} aria-invalid={props.error !== undefined} aria-describedby={ids.described} onInput={(event) => props.onInput(event.currentTarget.value)} />
      )}
    </Labelled>
  );
}

/** Yes or no. */
export function CheckField(props: { label: string; name: string; hint?: string; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void }) {
  const id = createUniqueId();
  return (
    <div class="check">
      <input id={id} type="checkbox" name={props.name} checked={props.checked} disabled={props.disabled ?? false} aria-describedby={props.hint === undefined ? undefined : `${id}-hint`} onChange={(event) => props.onChange(event.currentTarget.checked)} />
      <div><label for={id}>{props.label}</label><Show when={props.hint}><p class="field-hint" id={`${id}-hint`}>{props.hint}</p></Show></div>
    </div>
  );
}

/** One of a few. */
export function SelectField<T extends string>(props: Common & { value: T; options: readonly { value: T; label: string }[]; onChange: (value: T) => void }) {
  return (
    <Labelled label={props.label} name={props.name} {...(props.hint === undefined ? {} : { hint: props.hint })} error={props.error}>
      {(ids) => (
        <select id={ids.id} name={props.name} value={props.value} aria-invalid={props.error !== undefined} aria-describedby={ids.described} onChange={(event) => props.onChange(event.currentTarget.value as T)}>
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
