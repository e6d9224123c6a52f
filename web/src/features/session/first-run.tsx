import { Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { createForm, email, longEnough } from "../../ui/form.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Outside } from "./outside.tsx";
import { createFirst } from "./session.ts";

export default function FirstRunPage() {
  const form = createForm({ email: "", password: "" }, { email, password: longEnough });
  const create = async (input: { email: string; password: string }): Promise<void> => {
    await createFirst(input.email.trim(), input.password);
  };
  return (
    <Outside title={t().session.firstTitle} lead={t().session.firstLead}>
      <form onSubmit={form.submit(create)} noValidate>
        <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
        <TextField label={t().session.email} type="email" autocomplete="username" required {...form.field("email")} />
        <TextField label={t().session.password} type="password" autocomplete="new-password" required hint={t().session.firstHint} {...form.field("password")} />
        <Button type="submit" look="main" busy={form.busy()}>{t().session.create}</Button>
      </form>
    </Outside>
  );
}
