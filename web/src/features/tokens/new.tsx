import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { createForm, filled } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import type { Right } from "../session/rights.ts";

const DAY_MS = 86_400_000;
type Life = "30" | "90" | "365" | "never";
const LIVES: readonly Life[] = ["30", "90", "365", "never"];
const RIGHTS: readonly Right[] = ["read", "operate", "manage", "administer"];

/** Makes a token, and shows it once. */
export function NewToken(props: { onMade: () => void; onClose: () => void }) {
  const [made, setMade] = createSignal<string>();
  const show = (token: string): void => { setMade(token); props.onMade(); };
  return (
    <Dialog title={made() === undefined ? t().tokens.newTitle : t().tokens.made} onClose={() => props.onClose()}>
      <Show when={made()} fallback={<Form onMade={show} onClose={() => props.onClose()} />}>{(token) => (
        <div class="stack">
          <CopyText label={t().tokens.made} text={token()} />
          <p class="dim">{t().tokens.madeHint}</p>
          <CopyText label={t().tokens.curl} text={`curl -H "Authorization: Bearer ${token()}" ${location.origin}/auth/me`} />
          <div class="dialog-actions"><Button look="main" onClick={() => props.onClose()}>{t().tokens.done}</Button></div>
        </div>
      )}</Show>
    </Dialog>
  );
}

function Form(props: { onMade: (token: string) => void; onClose: () => void }) {
  const words = () => t().tokens;
  const form = createForm({ name: "" }, { name: filled });
  const [life, setLife] = createSignal<Life>("90");
  const [rights, setRights] = createSignal<Right>("read");
  const expires_at = (): string | null => { const days = life(); return days === "never" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(); };
  const make = async ({ name }: { name: string }): Promise<void> => {
    props.onMade((await ask(api.tokens.$post({ query: {}, json: { name: name.trim(), expires_at: expires_at(), rights: rights() } }))).token);
  };
  return (
    <form class="stack" noValidate onSubmit={form.submit(make)}>
      <TextField label={words().name} hint={words().nameHint} required {...form.field("name")} />
      <SelectField name="rights" label={words().rights} hint={words().rightsHint[rights()]} value={rights()} options={RIGHTS.map((value) => ({ value, label: words().allowed[value] }))} onChange={setRights} />
      <SelectField name="expires_at" label={words().expires} value={life()} options={LIVES.map((value) => ({ value, label: words().lives[value] }))} onChange={setLife} />
      <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
      <div class="dialog-actions"><Button onClick={() => props.onClose()}>{t().form.cancel}</Button><Button type="submit" look="main" busy={form.busy()}>{words().make}</Button></div>
    </form>
  );
}
