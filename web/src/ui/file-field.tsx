import { createSignal } from "solid-js";
import { t } from "../i18n/i18n.ts";
import { SecretField } from "./field.tsx";
import "./file-field.css";

/** A secret that lies in a file: chosen, or pasted. */
export function FileField(props: { label: string; name: string; hint: string; error?: string | undefined; placeholder?: string; readonly value: string; onInput: (value: string) => void }) {
  const [file, setFile] = createSignal("");
  const choose = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    setFile(chosen.name);
    props.onInput(await chosen.text());
  };
  return (
    <div class="file-field">
      <SecretField label={props.label} name={props.name} hint={props.hint} error={props.error} value={props.value} onInput={props.onInput} {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })} />
      <label class="button button-plain file-choice"><input type="file" onChange={(event) => void choose(event.currentTarget.files?.[0])} />{file() === "" ? t().form.chooseFile : file()}</label>
    </div>
  );
}
