import { For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { AreaField, CheckField, SecretField, TextField } from "../../ui/field.tsx";
import type { Form } from "../../ui/form.ts";
import { fieldsOf, isNeeded, isRemovable, listOf, withPart, type ChannelValues, type ConfigField } from "./config.ts";
import type { ChannelType } from "./types.ts";

interface Props { form: Form<ChannelValues>; type: ChannelType; /** What is set and not shown: it stays as long as nothing is typed. */ kept: readonly string[]; /** Whether SafeBase has a mail server that it may use. */ email_server: boolean }

const EXAMPLES: Partial<Record<`${ChannelType}.${string}`, string>> = {
  "slack.url": "https://hooks.slack.com/services/T…/B…/…", "discord.url": "https://discord.com/api/webhooks/…", "teams.url": "https://….api.powerplatform.com/…", "webhook.url": "https://example.org/hooks/backups",
  "healthchecks.url": "https://hc-ping.com/…", "ntfy.url": "https://ntfy.sh", "telegram.api_url": "https://api.telegram.org", "telegram.bot_token": "123456:ABC…", "telegram.chat_id": "-1001234567890",
  "email.from": "Backups <backups@example.org>", "email.smtp_url": "smtps://user:password@mail.example.org",
};
const SECRETS: readonly ConfigField[] = ["smtp_url", "bot_token", "token", "secret"];

/** Where its messages go. */
export function ChannelFields(props: Props) {
  return (
    <div class="stack">
      <p class="dim">{t().alerts.types[props.type].how}</p>
      <For each={fieldsOf(props.type)}>{(field) => <Field {...props} field={field} />}</For>
    </div>
  );
}

function Field(props: Props & { field: ConfigField }) {
  const words = () => t().alerts;
  const isKept = (): boolean => props.kept.includes(props.field);
  const isDropped = (): boolean => listOf(props.form.values().dropped).includes(props.field);
  const hint = (): string | undefined => (props.field === "smtp_url" && !props.email_server ? words().noServer : (words().hints as Record<string, string | undefined>)[`${props.type}.${props.field}`]);
  const common = () => ({
    ...props.form.field(props.field), label: words().fields[props.field], required: isNeeded(props.field, props.type, props.kept, props.email_server),
    ...(hint() === undefined ? {} : { hint: hint() ?? "" }), placeholder: isKept() ? words().keep : EXAMPLES[`${props.type}.${props.field}`] ?? "",
  });
  return (
    <div class="channel-field">
      <Show when={props.field !== "to"} fallback={<AreaField rows={2} {...common()} />}>
        <Show when={SECRETS.includes(props.field)} fallback={<TextField mono {...common()} />}><SecretField {...common()} /></Show>
      </Show>
      <Show when={isKept() && isRemovable(props.field, props.type)}>
        <CheckField name={`drop_${props.field}`} label={words().drop(words().fields[props.field])} checked={isDropped()} onChange={(on) => props.form.set("dropped", withPart(props.form.values().dropped, props.field, on))} />
      </Show>
    </div>
  );
}
