import { createSignal, For, Show, type JSX } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Key } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SecretField, TextField } from "../../ui/field.tsx";
import { createForm, filled, type Form } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { replaceKey, type Use } from "./use.ts";

/** Brings back an identity that was kept away. */
export function KeepIdentity(props: { of: Key; onClose: () => void }) {
  const form = createForm({ identity: "" }, { identity: filled });
  const keep = async ({ identity }: { identity: string }): Promise<void> => {
    await ask(api.keys[":id"].identity.$put({ param: { id: String(props.of.id) }, query: {}, json: { identity: identity.trim() } }));
    props.onClose();
  };
  return (
    <FormDialog title={t().keys.keep.title(props.of.name)} action={t().keys.keep.action} form={form} send={keep} onClose={props.onClose}>
      <p class="dim">{t().keys.keep.text}</p>
      <SecretField label={t().keys.identity} required placeholder="AGE-SECRET-KEY-1…" {...form.field("identity")} />
    </FormDialog>
  );
}

export function RenameKey(props: { of: Key; onClose: () => void }) {
  const form = createForm({ name: props.of.name }, { name: filled });
  const rename = async ({ name }: { name: string }): Promise<void> => {
    await ask(api.keys[":id"].$put({ param: { id: String(props.of.id) }, query: {}, json: { name: name.trim() } }));
    props.onClose();
  };
  return (
    <FormDialog title={t().keys.rename.title(props.of.name)} action={t().form.save} form={form} send={rename} onClose={props.onClose}>
      <TextField label={t().keys.name} required {...form.field("name")} />
    </FormDialog>
  );
}

/** Rotation: a new key for what is to come, the old one for what is there. A try that broke off goes on with the key that it made. */
export function ReplaceKey(props: { of: Key; use: Use; onClose: () => void }) {
  const form = createForm({ name: `${props.of.name} ${new Date().getFullYear()}` }, { name: filled });
  const [made, setMade] = createSignal<Key>();
  const replace = async ({ name }: { name: string }): Promise<void> => {
    const key = made() ?? setMade((await ask(api.keys.$post({ query: {}, json: { name: name.trim(), generate: true } }))).key);
    await replaceKey(props.of, props.use, key.id);
    toast("good", t().keys.replace.done(props.of.name, key.name));
    props.onClose();
  };
  const users = () => [...props.use.databases, ...props.use.storages, ...props.use.servers].map(({ name }) => name);
  return (
    <FormDialog title={t().keys.replace.title(props.of.name)} action={t().keys.replace.action} form={form} send={replace} onClose={props.onClose}>
      <p>{t().keys.replace.text}</p>
      <Show when={users().length > 0}><p>{t().keys.replace.users}</p><ul class="key-users"><For each={users()}>{(name) => <li class="strong wrap">{name}</li>}</For></ul></Show>
      <TextField label={t().keys.replace.name} required {...form.field("name")} />
    </FormDialog>
  );
}

function FormDialog<V extends Record<string, string>>(props: { title: string; action: string; form: Form<V>; send: (values: V) => Promise<void>; onClose: () => void; children: JSX.Element }) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form class="stack" noValidate autocomplete="off" onSubmit={(event) => props.form.submit(props.send)(event)}>
        <Show when={props.form.loose()}>{(error) => <Problem error={error()} />}</Show>
        {props.children}
        <div class="dialog-actions"><Button onClick={props.onClose}>{t().form.cancel}</Button><Button type="submit" look="main" busy={props.form.busy()}>{props.action}</Button></div>
      </form>
    </Dialog>
  );
}
