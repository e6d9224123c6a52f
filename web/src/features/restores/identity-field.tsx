import { createSignal, createUniqueId, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { said } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { SecretField } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Said } from "../../ui/said.tsx";

/** The key that opens an encrypted backup: a file, or typed. It stays in this page's memory, and goes with the order alone. */
export function IdentityField(props: { needed: string | undefined; value: string; error: string | undefined; onChange: (identity: string) => void }) {
  const id = createUniqueId();
  const [file, setFile] = createSignal<string>();
  const take = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    props.onChange(await chosen.text());
    setFile(chosen.name);
  };
  const clear = (): void => { setFile(undefined); props.onChange(""); };
  return (
    <div class="identity stack">
      <p class="row"><Icon name="key" /><span class="strong">{t().restores.identityTitle}</span></p>
      <p class="small dim">{t().restores.identityText}</p>
      <Show when={file()} fallback={
        <SecretField name="identity" label={t().restores.identity} value={props.value} onInput={props.onChange} error={props.error === undefined ? undefined : said(props.error).text} placeholder="AGE-SECRET-KEY-1…" autocomplete="off" />
      }>{(name) => (
        <p class="identity-file"><Icon name="key" /><span class="wrap">{name()}</span><Button look="quiet" onClick={clear}>{t().restores.removeFile}</Button></p>
      )}</Show>
      <Show when={file() !== undefined && props.error}>{(text) => <p class="field-error" role="alert"><Icon name="alert" size={14} /><Said text={text()} /></p>}</Show>
      <label class="button button-plain file-button" for={id}><Icon name="plus" />{t().restores.chooseFile}</label>
      <input class="hidden" id={id} type="file" onChange={(event) => void take(event.currentTarget.files?.[0])} />
      <p class="small" role="status"><Show when={props.value !== "" && props.needed === undefined}><span class="good row"><Icon name="check" size={14} />{t().restores.identityFits}</span></Show></p>
    </div>
  );
}
