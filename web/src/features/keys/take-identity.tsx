import { createSignal, onCleanup, Show } from "solid-js";
import { api, ApiError, ask } from "../../api/client.ts";
import type { Key } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SecretField } from "../../ui/field.tsx";
import { createForm, filled } from "../../ui/form.ts";
import { Icon } from "../../ui/icon.tsx";
import { Problem } from "../../ui/problem.tsx";

/** Gives a key's identity out, for the password once more: to copy, or as the file that `age` reads. */
export function TakeIdentity(props: { of: Key; onClose: () => void }) {
  const [identity, setIdentity] = createSignal<string>();
  const form = createForm({ password: "" }, { password: filled });
  const words = () => t().keys.take;
  const take = async ({ password }: { password: string }): Promise<void> => {
    const given = await ask(api.keys[":id"].identity.$post({ param: { id: String(props.of.id) }, query: {}, json: { password } }));
    form.set("password", "");
    setIdentity(given.identity);
  };
  const wrong = (): string | undefined => { const error = form.error(); return error instanceof ApiError && (error.code === "unauthorized" || error.code === "forbidden") ? t().keys.wrongPassword : undefined; };
  return (
    <Dialog title={words().title(props.of.name)} onClose={props.onClose}>
      <Show when={identity()} fallback={
        <form class="stack" noValidate onSubmit={form.submit(take)}>
          <p>{words().text}</p>
          <Show when={wrong() === undefined && form.loose()}>{(error) => <Problem error={error()} />}</Show>
          <SecretField label={words().password} autocomplete="current-password" required {...form.field("password")} error={form.field("password").error ?? wrong()} />
          <div class="dialog-actions"><Button onClick={props.onClose}>{words().later}</Button><Button type="submit" look="main" busy={form.busy()}>{words().show}</Button></div>
        </form>
      }>{(text) => (
        <div class="stack">
          <p>{words().given}</p>
          <CopyText label={t().keys.identity} text={text()} />
          <div class="dialog-actions"><Download of={props.of} identity={text()} /><Button look="main" onClick={props.onClose}>{words().done}</Button></div>
        </div>
      )}</Show>
    </Dialog>
  );
}

/** The file, made in the browser. */
function Download(props: { of: Key; identity: string }) {
  const url = URL.createObjectURL(new Blob([`# SafeBase: ${props.of.name.replaceAll(/[\r\n]+/g, " ")}\n# public key: ${props.of.recipient}\n${props.identity}\n`], { type: "text/plain" }));
  onCleanup(() => URL.revokeObjectURL(url));
  return <a class="button button-plain" href={url} download={`safebase-key-${props.of.id}.txt`} rel="external"><Icon name="download" />{t().keys.take.file}</a>;
}
