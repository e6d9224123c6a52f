import { A } from "@solidjs/router";
import { createSignal, Match, Show, Switch } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { locale, t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { SecretField, TextField } from "../../ui/field.tsx";
import { createForm, filled } from "../../ui/form.ts";
import { Icon } from "../../ui/icon.tsx";
import { Tiles } from "../../ui/tiles.tsx";
import { configOf } from "../alerts/config.ts";
import { ICONS } from "../alerts/looks.tsx";
import { createTest, Tested } from "../alerts/tested.tsx";
import { may } from "../session/rights.ts";
import { session } from "../session/session.ts";
import { Actions, There } from "./actions.tsx";
import type { StepProps } from "./load.ts";

/** What is offered on the way; all other kinds have a page of their own. */
const TYPES = ["email", "slack", "webhook"] as const;
type Type = (typeof TYPES)[number];

/** Who is told when something goes wrong. */
export function AlertsStep(props: StepProps) {
  const words = () => t().start.steps.alerts;
  const [another, setAnother] = createSignal(props.setup.channels.length === 0);
  return (
    <Show when={!another()} fallback={<NewChannel {...props} />}>
      <There items={props.setup.channels} another={words().another} onAnother={() => setAnother(true)} onNext={props.onSkip}>
        {({ id, name, target }) => <><A href={`/alerts/${id}`} class="strong">{name}</A> <span class="dim">{target}</span></>}
      </There>
    </Show>
  );
}

function NewChannel(props: StepProps) {
  const words = () => t().start.steps.alerts;
  const now = session();
  const [type, setType] = createSignal<Type>("email");
  const only = (...types: Type[]) => (value: string) => (types.includes(type()) ? filled(value) : undefined);
  const form = createForm({ to: now.state === "in" ? now.user.email : "", smtp_url: "", url: "", secret: "" }, { to: only("email"), url: only("slack", "webhook"), smtp_url: (value) => (props.setup.email_server ? undefined : only("email")(value)) });
  const config = () => configOf(type(), form.values());
  const test = createTest(async () => (form.valid() ? ask(api.channels.test.$post({ query: {}, json: { config: config(), language: locale() } })) : undefined), (error) => form.tell(error));
  const save = async (): Promise<void> => {
    // An admin hears of the installation, too: a full storage, a lost executor.
    await ask(api.channels.$post({ query: {}, json: { name: words().types[type()].name, config: config(), language: locale(), ...(may("administer") ? { all_users: true } : {}) } }));
    props.onDone();
  };
  return (
    <form class="add" noValidate autocomplete="off" onSubmit={form.submit(save)}>
      <p class="dim">{words().lead}</p>
      <Tiles label={words().how} value={type()} options={TYPES.map((value) => ({ value, icon: ICONS[value], label: words().types[value].name, hint: words().types[value].hint }))} onChange={(wanted) => { setType(wanted); test.forget(); }} />
      <Switch>
        <Match when={type() === "email"}>
          <TextField label={words().to} hint={words().toHint} required {...form.field("to")} />
          <Show when={!props.setup.email_server}>
            <p class="start-advice"><Icon name="info" />{words().noServer}</p>
            <SecretField label={words().smtp_url} hint={words().smtpHint} required placeholder="smtps://user:password@mail.example.org" {...form.field("smtp_url")} />
          </Show>
        </Match>
        <Match when={type() === "slack"}><TextField label={words().url} hint={words().slackHint} mono required placeholder="https://hooks.slack.com/services/…" {...form.field("url")} /></Match>
        <Match when={type() === "webhook"}>
          <TextField label={words().url} hint={words().webhookHint} mono required placeholder="https://example.org/hooks/backups" {...form.field("url")} />
          <SecretField label={words().secret} hint={words().secretHint} {...form.field("secret")} />
        </Match>
      </Switch>
      <div class="live">
        <div class="live-answer">
          <Tested test={test} />
          <Show when={!test.busy() && test.result() === undefined && test.error() === undefined}><p class="dim small"><A href="/alerts/new">{words().more}</A></p></Show>
        </div>
        <Button icon="send" busy={test.busy()} onClick={test.start}>{words().test}</Button>
      </div>
      <Actions busy={form.busy()} error={form.loose()} onSkip={props.onSkip} />
    </form>
  );
}
