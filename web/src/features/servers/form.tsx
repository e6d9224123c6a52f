import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Server } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { AreaField, SelectField } from "../../ui/field.tsx";
import { Problem } from "../../ui/problem.tsx";
import { createSubmit } from "../../ui/submit.ts";
import { Switch } from "../../ui/switch.tsx";
import { RetentionField } from "../retention/retention-field.tsx";
import { CronField } from "../schedules/cron-field.tsx";
import { ProveFields, StorageFields } from "../schedules/option-fields.tsx";
import { Matches } from "./matches.tsx";
import { PlaceFields } from "./place-fields.tsx";
import { freshServer, knownServer, patternsOf, placeOf, SERVER_FIELDS, type ServerValues } from "./values.ts";
import "../schedules/schedules.css";
import "./servers.css";

/** A server, new or as it is: where it is, which of its databases are taken, and what those get. */
export function ServerForm(props: { server?: Server; locked?: boolean; action: string; onSave: (values: ServerValues) => Promise<void> }) {
  const [values, setValues] = createSignal<ServerValues>(props.server === undefined ? freshServer() : knownServer(props.server));
  const submit = createSubmit(SERVER_FIELDS);
  const known = createData(() => undefined, async () => {
    const [{ storages }, { keys }] = await Promise.all([ask(api.storages.$get({ query: {} })), ask(api.keys.$get({ query: {} }))]);
    return { storages: storages.map(({ name }) => name), keys: keys.filter(({ retired_at }) => retired_at === null) };
  });
  const change = (changed: Partial<ServerValues>): void => { submit.forget(); setValues((all) => ({ ...all, ...changed })); };
  const look = () => (props.server === undefined ? ask(api.servers.test.$post({ query: {}, json: { ...placeOf(values()), ...patternsOf(values()) } }))
    : ask(api.servers[":id"].test.$post({ param: { id: String(props.server.id) }, query: {}, json: patternsOf(values()) })));
  const what = (): string => JSON.stringify([patternsOf(values()), props.server === undefined ? placeOf(values()) : null]);
  const words = () => t().servers;
  return (
    <form class="form-page" noValidate autocomplete="off" onSubmit={submit.run(() => props.onSave(values()))}>
      <fieldset disabled={props.locked ?? false}>
        <Show when={submit.loose()}>{(error) => <Problem error={error()} />}</Show>
        <Card title={words().where}><PlaceFields value={values()} onChange={change} refused={submit.refused} known={props.server !== undefined} /></Card>
        <Card title={words().which}>
          <div class="stack">
            <div class="form-grid">
              <AreaField name="include" label={words().include} hint={words().includeHint} rows={3} value={values().include} error={submit.refused("include")} onInput={(include) => change({ include })} />
              <AreaField name="exclude" label={words().exclude} hint={words().excludeHint} rows={3} value={values().exclude} error={submit.refused("exclude")} onInput={(exclude) => change({ exclude })} />
            </div>
            <Matches what={what()} ask={look} />
          </div>
        </Card>
        <Card title={words().future}>
          <div class="stack">
            <Show when={props.server}><p class="field-hint">{words().futureHint}</p></Show>
            <Switch name="scheduled" label={words().scheduled} shown on={values().scheduled} onChange={(scheduled) => change({ scheduled })} />
            <Show when={values().scheduled}>
              <CronField value={values().options.when} onChange={(when) => change({ options: { ...values().options, when } })} error={submit.refused("cron") ?? submit.refused("timezone")} />
              <ProveFields value={values().options} onChange={(changed) => change({ options: { ...values().options, ...changed } })} refused={submit.refused} others={[]} />
            </Show>
            <RetentionField value={values().retention} onChange={(retention) => change({ retention })} error={submit.refused("retention")} />
            <StorageFields value={values().storages} usual={[]} usual_label={words().usualStorages} all={known.value()?.storages ?? []} refused={submit.refused("storages")} onChange={(storages) => change({ storages })} />
            <div class="form-grid">
              <SelectField name="encryption_key_id" label={words().key} value={String(values().encryption_key_id ?? "")} error={submit.refused("encryption_key_id")}
                options={[{ value: "", label: words().noKey }, ...(known.value()?.keys ?? []).map(({ id, name }) => ({ value: String(id), label: name }))]} onChange={(id) => change({ encryption_key_id: id === "" ? null : Number(id) })} />
            </div>
          </div>
        </Card>
        <Show when={props.locked !== true}>
          <div class="row form-actions"><Button type="submit" look="main" busy={submit.busy()}>{props.action}</Button><ButtonLink href="/servers" look="quiet">{t().form.cancel}</ButtonLink></div>
        </Show>
      </fieldset>
    </form>
  );
}
