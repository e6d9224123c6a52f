import { createSignal, Match, Show, Switch } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Key } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { SecretField, TextField } from "../../ui/field.tsx";
import { createForm, filled } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { Tiles } from "../../ui/tiles.tsx";

const WAYS = ["generate", "recipient", "identity"] as const;
type Way = (typeof WAYS)[number];
const ICONS = { generate: "key", recipient: "shield", identity: "download" } as const;

/** A new key: made here, or one that is there already, with or without what opens. */
export function KeyForm(props: { onSaved: (key: Key) => void; onClose: () => void }) {
  const [way, setWay] = createSignal<Way>("generate");
  const only = (of: Way) => (value: string) => (way() === of ? filled(value) : undefined);
  const form = createForm({ name: "", recipient: "", identity: "" }, { name: filled, recipient: only("recipient"), identity: only("identity") });
  const words = () => t().keys;
  const save = async ({ name, recipient, identity }: { name: string; recipient: string; identity: string }): Promise<void> => {
    const what = { generate: { generate: true as const }, recipient: { recipient: recipient.trim() }, identity: { identity: identity.trim() } }[way()];
    props.onSaved((await ask(api.keys.$post({ query: {}, json: { name: name.trim(), ...what } }))).key);
  };
  return (
    <form class="stack" noValidate autocomplete="off" onSubmit={form.submit(save)}>
      <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
      <Tiles label={words().way} value={way()} options={WAYS.map((value) => ({ value, icon: ICONS[value], label: words().ways[value].name, hint: words().ways[value].hint }))} onChange={setWay} />
      <TextField label={words().name} required {...form.field("name")} />
      <Switch>
        <Match when={way() === "recipient"}><TextField label={words().recipient} hint={words().recipientHint} mono required placeholder="age1…" {...form.field("recipient")} /></Match>
        <Match when={way() === "identity"}><SecretField label={words().identity} hint={words().identityHint} required placeholder="AGE-SECRET-KEY-1…" {...form.field("identity")} /></Match>
      </Switch>
      <p class="dim">{words().afterwards}</p>
      <div class="dialog-actions"><Button onClick={props.onClose}>{t().form.cancel}</Button><Button type="submit" look="main" busy={form.busy()}>{words().add}</Button></div>
    </form>
  );
}
