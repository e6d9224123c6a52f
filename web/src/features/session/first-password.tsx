import { t } from "../../i18n/i18n.ts";
import { Outside } from "./outside.tsx";
import { PasswordForm } from "./password-form.tsx";

/** Comes before everything else for whoever logged in with a password that an admin gave out. */
export default function FirstPasswordPage() {
  return (
    <Outside title={t().profile.firstTitle} lead={t().profile.firstLead}>
      <PasswordForm main hint={t().form.short} action={t().profile.choose} onDone={() => undefined} />
    </Outside>
  );
}
