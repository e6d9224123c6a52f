import { createSignal, Show, type JSX } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FileField } from "../../ui/file-field.tsx";
import { createForm, filled } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";

/** Asks for age's identity, where its user keeps it away, and does with it what was asked for. */
export function IdentityDialog(props: { title: string; children?: JSX.Element; action: string; onClose: () => void; onGiven: (identity: string) => Promise<void> }) {
  const form = createForm({ identity: "" }, { identity: filled });
  const [done, setDone] = createSignal(false);
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form class="stack" onSubmit={form.submit(async ({ identity }) => { await props.onGiven(identity.trim()); setDone(true); props.onClose(); })}>
        {props.children}
        <p>{t().backup.identityText}</p>
        <FileField {...form.field("identity")} label={t().backup.identity} hint={t().backup.identityHint} placeholder="AGE-SECRET-KEY-1…" />
        <Show when={!done() && form.loose()}>{(error) => <Problem error={error()} />}</Show>
        <div class="dialog-actions">
          <Button onClick={props.onClose}>{t().form.cancel}</Button>
          <Button type="submit" look="main" busy={form.busy()}>{props.action}</Button>
        </div>
      </form>
    </Dialog>
  );
}
