import { createSignal, Show, type JSX } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { locale, LOCALES, t } from "../../i18n/i18n.ts";
import { said } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { createForm, filled, type Form } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { Tiles } from "../../ui/tiles.tsx";
import { toast } from "../../ui/toasts.tsx";
import { session } from "../session/session.ts";
import { ChannelFields } from "./channel-fields.tsx";
import { ALL, changesOf, configOf, freshValues, isNeeded, knownValues, TYPES, type ChannelValues, type ConfigField } from "./config.ts";
import { EventsField } from "./events-field.tsx";
import { ICONS } from "./looks.tsx";
import { ReachField } from "./reach-field.tsx";
import { settingsOf } from "./settings.ts";
import { createTest, Tested } from "./tested.tsx";
import type { ChannelTest, ChannelType, OneChannel, Saved } from "./types.ts";

/** A channel, new or as it is: where it leads, what it is told of, and how. `children`: what else one can do. */
export function ChannelForm(props: { initial?: OneChannel; onSaved: (saved: Saved) => void; children?: JSX.Element }) {
  const [before, setBefore] = createSignal(props.initial);
  const [type, setType] = createSignal<ChannelType>(props.initial?.type ?? "email");
  const kept = (): readonly string[] => (before()?.type === type() ? before()?.secret_fields ?? [] : []);
  const emails = createData(() => undefined, async () => (await ask(api.channels.$get({ query: {} }))).email_server);
  const form = createChannelForm(props.initial, (field) => isNeeded(field, type(), kept(), emails.value() ?? true));
  const save = async (): Promise<Saved> => {
    const known = before();
    const settings = settingsOf(type(), form.values());
    if (known === undefined) return ask(api.channels.$post({ query: {}, json: { ...settings, config: configOf(type(), form.values()) } }));
    const config = changesOf(known, type(), form.values());
    return ask(api.channels[":id"].$put({ param: { id: String(known.id) }, query: {}, json: { ...settings, ...(Object.keys(config).length === 0 ? {} : { config }) } }));
  };
  /** Secrets do not come back to be tried with what was typed: a channel that leads elsewhere now is saved before it is tried. */
  const moved = (): boolean => { const known = before(); return known !== undefined && Object.keys(changesOf(known, type(), form.values())).length > 0; };
  const send = async (): Promise<ChannelTest | undefined> => {
    if (!form.valid()) return undefined;
    const known = before();
    if (known === undefined) return ask(api.channels.test.$post({ query: {}, json: { config: configOf(type(), form.values()), language: form.values().language as "en" | "fr" } }));
    if (moved()) { const { channel } = await save(); setBefore(channel); for (const field of [...ALL, "dropped"] as const) form.set(field, knownValues(channel)[field]); }
    return ask(api.channels[":id"].test.$post({ param: { id: String(known.id) }, query: {} }));
  };
  const test = createTest(send, (error) => form.tell(error));
  const choose = (wanted: ChannelType): void => { suggest(form, type(), wanted); setType(wanted); test.forget(); };
  const submit = async (): Promise<void> => {
    const saved = await save();
    for (const warning of saved.warnings) toast("warn", said(warning.message).text);
    props.onSaved(saved);
  };
  return (
    <form class="channel-form" noValidate autocomplete="off" onSubmit={form.submit(submit)}>
      <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
      <Where form={form} type={type()} kept={kept()} email_server={emails.value() ?? true} known={props.initial !== undefined} onType={choose} />
      <Card title={t().alerts.told}><EventsField form={form} /></Card>
      <Card title={t().alerts.of}><ReachField form={form} owner_id={props.initial?.user_id} /></Card>
      <How form={form} type={type()} />
      <Tested test={test} />
      <div class="row channel-form-actions">
        <Button type="submit" look="main" busy={form.busy()}>{props.initial === undefined ? t().alerts.add : t().form.save}</Button>
        <Button icon="send" busy={test.busy()} onClick={test.start}>{moved() ? t().alerts.test.saveAndSend : t().alerts.test.action}</Button>
        {props.children}
      </div>
    </form>
  );
}

function createChannelForm(initial: OneChannel | undefined, needs: (field: ConfigField) => boolean): Form<ChannelValues> {
  const now = session();
  const needed = Object.fromEntries(ALL.map((field) => [field, (value: string) => (needs(field) ? filled(value) : undefined)]));
  const form: Form<ChannelValues> = createForm<ChannelValues>(initial === undefined ? { ...freshValues("email", locale(), now.state === "in" ? now.user.email : ""), name: t().alerts.types.email.name } : knownValues(initial), {
    ...needed, name: filled, events: (value) => (value === "" ? t().alerts.needsKind : undefined),
    database_ids: (value) => (form.values().reach === "chosen" && value === "" ? t().alerts.needsDatabase : undefined),
  });
  return form;
}

/** What was only suggested is suggested anew for another type; what was chosen stays. */
function suggest(form: Form<ChannelValues>, before: ChannelType, wanted: ChannelType): void {
  const [old, fresh] = [before, wanted].map((type) => ({ ...freshValues(type, "en", ""), name: t().alerts.types[type].name })) as [ChannelValues, ChannelValues];
  for (const name of ["name", "events", "group_s"] as const) if (form.values()[name] === old[name]) form.set(name, fresh[name]);
}

function Where(props: { form: Form<ChannelValues>; type: ChannelType; kept: readonly string[]; email_server: boolean; known: boolean; onType: (type: ChannelType) => void }) {
  const words = () => t().alerts;
  return (
    <Card title={words().where}>
      <div class="stack">
        <Show when={props.known} fallback={<Tiles label={words().type} value={props.type} options={TYPES.map((value) => ({ value, icon: ICONS[value], label: words().types[value].name, hint: words().types[value].hint }))} onChange={props.onType} />}>
          <SelectField name="type" label={words().type} value={props.type} options={TYPES.map((value) => ({ value, label: words().types[value].name }))} onChange={props.onType} />
        </Show>
        <TextField label={words().name} required {...props.form.field("name")} />
        <ChannelFields form={props.form} type={props.type} kept={props.kept} email_server={props.email_server} />
      </div>
    </Card>
  );
}

function How(props: { form: Form<ChannelValues>; type: ChannelType }) {
  const words = () => t().alerts;
  return (
    <Card title={words().how}>
      <div class="channel-how">
        <SelectField {...props.form.field("language")} label={words().language} options={LOCALES.map((value) => ({ value: value as string, label: t().languages[value] }))} onChange={(value) => props.form.set("language", value)} />
        <Show when={props.type !== "healthchecks"}><TextField label={words().group} hint={words().groupHint} inputmode="numeric" {...props.form.field("group_s")} /></Show>
      </div>
    </Card>
  );
}
