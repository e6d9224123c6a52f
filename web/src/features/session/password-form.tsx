import { Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { SecretField } from "../../ui/field.tsx";
import { createForm, filled, longEnough, type Form } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { changePassword } from "./session.ts";

/** Changes one's own password; all other sessions end. */
export function PasswordForm(props: { action: string; hint: string; onDone: () => void; main?: boolean }) {
  const form: Form<{ password: string; new_password: string; again: string }> = createForm({ password: "", new_password: "", again: "" }, {
    password: filled, new_password: longEnough, again: (value) => filled(value) ?? (value === form.values().new_password ? undefined : t().profile.differs),
  });
  const save = async (values: { password: string; new_password: string }): Promise<void> => {
    await changePassword(values.password, values.new_password);
    props.onDone();
  };
  return (
    <form class="stack" noValidate onSubmit={form.submit(save)}>
      <SecretField label={t().profile.currentPassword} autocomplete="current-password" required {...form.field("password")} />
      <SecretField label={t().profile.newPassword} autocomplete="new-password" required hint={props.hint} {...form.field("new_password")} />
      <SecretField label={t().profile.again} autocomplete="new-password" required {...form.field("again")} />
      <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
      <div><Button type="submit" look={props.main === true ? "main" : "plain"} busy={form.busy()}>{props.action}</Button></div>
    </form>
  );
}
