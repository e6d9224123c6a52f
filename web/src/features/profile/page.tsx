import { createSignal, For, Show } from "solid-js";
import type { Me } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Fact, Facts, PageHead } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/dialog.tsx";
import { SecretField, TextField } from "../../ui/field.tsx";
import { createForm, email, filled } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { changeEmail, logoutEverywhere, session } from "../session/session.ts";
import { PasswordForm } from "../session/password-form.tsx";
import { Preferences } from "../shell/preferences.tsx";
import "./profile.css";

/** One's own account. */
export default function ProfilePage() {
  const me = (): Me | undefined => { const now = session(); return now.state === "in" ? now : undefined; };
  const words = () => t().profile;
  const [anew, setAnew] = createSignal({});
  const changed = (): void => { toast("good", words().passwordChanged); setAnew({}); };
  return (
    <>
      <PageHead title={words().title} />
      <Show when={me()}>{(now) => (
        <div class="profile">
          <Card title={words().you}>
            <Facts>
              <Fact term={t().session.email} wide>{now().user.email}</Fact>
              <Fact term={words().role}>{t().roles[now().user.role]}</Fact>
              <Fact term={words().since}>{f().moment(now().user.created_at)}</Fact>
              <Fact term={words().may} wide>{t().users.may[now().user.role]}</Fact>
            </Facts>
          </Card>
          <Card title={words().look}><Preferences /></Card>
          <Card title={words().changePassword}>
            <For each={[anew()]}>{() => <PasswordForm hint={words().passwordHint} action={words().changePassword} onDone={changed} />}</For>
          </Card>
          <div class="stack">
            <Card title={words().changeEmail}><EmailForm /></Card>
            <Card title={words().sessions}>
              <div class="stack">
                <p class="dim">{words().sessionsText}</p>
                <div><ConfirmButton title={words().logoutEverywhere} text={<p>{words().sessionsText}</p>} action={words().logoutEverywhere} onConfirm={async () => { await logoutEverywhere(); toast("none", words().loggedOutEverywhere); }}>{words().logoutEverywhere}</ConfirmButton></div>
              </div>
            </Card>
          </div>
        </div>
      )}</Show>
    </>
  );
}

function EmailForm() {
  const form = createForm({ email: "", password: "" }, { email, password: filled });
  const save = async (values: { email: string; password: string }): Promise<void> => {
    await changeEmail(values.email.trim(), values.password);
    toast("good", t().profile.emailChanged);
    form.set("email", "");
    form.set("password", "");
  };
  return (
    <form class="stack" noValidate onSubmit={form.submit(save)}>
      <TextField label={t().profile.newEmail} type="email" autocomplete="email" required {...form.field("email")} />
      <SecretField label={t().profile.currentPassword} autocomplete="current-password" required {...form.field("password")} />
      <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
      <div><Button type="submit" busy={form.busy()}>{t().profile.changeEmail}</Button></div>
    </form>
  );
}
