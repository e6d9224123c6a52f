import { Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { createForm, filled } from "../../ui/form.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Problem } from "../../ui/problem.tsx";
import { ApiError } from "../../api/client.ts";
import { Outside } from "./outside.tsx";
import { login, session } from "./session.ts";

export default function LoginPage() {
  const form = createForm({ email: "", password: "" }, { email: filled, password: filled });
  const ended = (): boolean => { const now = session(); return now.state === "out" && now.expired; };
  const refused = (): boolean => { const error = form.error(); return error instanceof ApiError && error.code === "unauthorized"; };
  return (
    <Outside title={t().session.loginTitle} {...(ended() ? { lead: t().session.expired } : {})}>
      <form onSubmit={form.submit(({ email, password }) => login(email.trim(), password))} noValidate>
        <Show when={form.error()}>{(error) => <Show when={refused()} fallback={<Problem error={error()} />}><p class="field-error" role="alert">{t().session.wrong}</p></Show>}</Show>
        <TextField label={t().session.email} type="email" autocomplete="username" required {...form.field("email")} />
        <TextField label={t().session.password} type="password" autocomplete="current-password" required {...form.field("password")} />
        <Button type="submit" look="main" busy={form.busy()}>{t().session.login}</Button>
      </form>
    </Outside>
  );
}
