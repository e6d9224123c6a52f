import { createSignal, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { createForm, email } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { change, invite, type Account, type Given, type Role } from "./accounts.ts";
import { RoleField } from "./role-field.tsx";

/** Makes an account; `onGiven` gets the password to show. */
export function InviteDialog(props: { onGiven: (given: Given) => void; onClose: () => void }) {
  const form = createForm({ email: "" }, { email });
  const [role, setRole] = createSignal<Role>("user");
  return (
    <Dialog title={t().users.inviteTitle} onClose={() => props.onClose()}>
      <form class="stack" noValidate onSubmit={form.submit(async (values) => props.onGiven(await invite(values.email.trim(), role())))}>
        <TextField label={t().users.email} type="email" required hint={t().users.inviteHint} {...form.field("email")} />
        <RoleField value={role()} onChange={setRole} />
        <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
        <div class="dialog-actions"><Button onClick={() => props.onClose()}>{t().form.cancel}</Button><Button type="submit" look="main" busy={form.busy()}>{t().users.make}</Button></div>
      </form>
    </Dialog>
  );
}

/** The password that gets somebody in first, once. */
export function GivenDialog(props: { given: Given; again: boolean; onClose: () => void }) {
  const title = (): string => (props.again ? t().users.givenAgain : t().users.given)(props.given.user.email);
  return (
    <Dialog title={title()} onClose={() => props.onClose()}>
      <div class="stack">
        <CopyText label={title()} text={props.given.password} />
        <p class="dim">{t().users.givenHint}</p>
        <div class="dialog-actions"><Button look="main" onClick={() => props.onClose()}>{t().users.done}</Button></div>
      </div>
    </Dialog>
  );
}

export function RoleDialog(props: { account: Account; onDone: () => void; onClose: () => void }) {
  const [role, setRole] = createSignal(props.account.role);
  const form = createForm({}, {});
  const save = async (): Promise<void> => {
    await change(props.account.id, { role: role() });
    toast("good", t().users.roleChanged(props.account.email, t().roles[role()]));
    props.onDone();
  };
  return (
    <Dialog title={t().users.roleTitle(props.account.email)} onClose={() => props.onClose()}>
      <form class="stack" noValidate onSubmit={form.submit(save)}>
        <RoleField value={role()} onChange={setRole} />
        <Show when={form.error()}>{(error) => <Problem error={error()} />}</Show>
        <div class="dialog-actions"><Button onClick={() => props.onClose()}>{t().form.cancel}</Button><Button type="submit" look="main" busy={form.busy()} disabled={role() === props.account.role}>{t().form.save}</Button></div>
      </form>
    </Dialog>
  );
}
