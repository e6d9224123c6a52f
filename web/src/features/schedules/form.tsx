import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Schedule } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty, Problem } from "../../ui/problem.tsx";
import { createSubmit } from "../../ui/submit.ts";
import { RetentionField } from "../retention/retention-field.tsx";
import { RetentionPreview } from "../retention/retention-preview.tsx";
import { CronField } from "./cron-field.tsx";
import { DumpFields, ProveFields, StorageFields } from "./option-fields.tsx";
import { bodyOf, OPTION_FIELDS, optionsOf, usualOptions, type Options } from "./options.ts";
import "./schedules.css";

type Body = ReturnType<typeof bodyOf> & { name?: string };
interface Props { schedule?: Schedule; database_id?: number | undefined; locked?: boolean; action: string; onSave: (database_id: number, body: Body) => Promise<void> }

/** Everything that a schedule says, new or as it is. */
export function ScheduleForm(props: Props) {
  const data = createData(() => undefined, known);
  return (
    <Loaded of={data} lines={8}>{(value) => (
      <Show when={value().databases.length > 0} fallback={<div class="card"><Empty title={t().databases.emptyTitle} text={t().schedules.noDatabase}><ButtonLink href="/databases/new" look="main" icon="plus">{t().databases.add}</ButtonLink></Empty></div>}>
        <Fields {...props} known={value()} />
      </Show>
    )}</Loaded>
  );
}

async function known() {
  const [{ databases }, { storages }] = await Promise.all([ask(api.databases.$get({ query: {} })), ask(api.storages.$get({ query: {} }))]);
  return { databases: databases.toSorted((a, b) => a.name.localeCompare(b.name)), storages: storages.map(({ name }) => name) };
}

function Fields(props: Props & { known: Awaited<ReturnType<typeof known>> }) {
  const words = () => t().schedules;
  const [name, setName] = createSignal(props.schedule?.name ?? "");
  const [chosen, setChosen] = createSignal(props.schedule?.database_id ?? props.database_id ?? props.known.databases[0]?.id ?? 0);
  const [options, setOptions] = createSignal<Options>(props.schedule === undefined ? usualOptions() : optionsOf(props.schedule));
  const submit = createSubmit(["database_id", "name", ...OPTION_FIELDS]);
  const change = (changed: Partial<Options>): void => { submit.forget(); setOptions((all) => ({ ...all, ...changed })); };
  const database = () => props.known.databases.find(({ id }) => id === chosen());
  const others = () => props.known.databases.filter(({ id, type, user_id }) => id !== chosen() && type === database()?.type && user_id === database()?.user_id);
  const save = (): Promise<void> => props.onSave(chosen(), { ...bodyOf(options()), ...(name().trim() === "" ? {} : { name: name().trim() }) });
  return (
    <form class="form-page" noValidate onSubmit={submit.run(save)}>
      <fieldset disabled={props.locked ?? false}>
        <Show when={submit.loose()}>{(error) => <Problem error={error()} />}</Show>
        <Card title={words().times}>
          <div class="stack">
            <div class="form-grid">
              <Show when={props.schedule === undefined}>
                <SelectField name="database_id" label={words().database} value={String(chosen())} error={submit.refused("database_id")} options={props.known.databases.map((one) => ({ value: String(one.id), label: one.name }))} onChange={(id) => { setChosen(Number(id)); change({ verify_database_id: null }); }} />
              </Show>
              <TextField name="name" label={words().name} hint={words().nameHint} value={name()} error={submit.refused("name")} onInput={setName} />
            </div>
            <CronField value={options().when} onChange={(when) => change({ when })} error={submit.refused("cron") ?? submit.refused("timezone")} />
          </div>
        </Card>
        <Card title={words().keep}>
          <div class="stack">
            <RetentionField value={options().retention} inherits onChange={(retention) => change({ retention })} error={submit.refused("retention")} />
            <Show when={props.schedule}>{(schedule) => <RetentionPreview database_id={schedule().database_id} schedule_id={schedule().id} policy={options().retention} />}</Show>
          </div>
        </Card>
        <Card title={words().prove}><ProveFields value={options()} onChange={change} refused={submit.refused} others={others()} /></Card>
        <Card title={words().storages}><StorageFields value={options().storages} usual={database()?.effective_storages ?? []} all={props.known.storages} refused={submit.refused("storages")} onChange={(storages) => change({ storages })} /></Card>
        <Card title={words().options}><DumpFields value={options()} onChange={change} refused={submit.refused} type={database()?.type} /></Card>
        <Show when={props.locked !== true}>
          <div class="row form-actions"><Button type="submit" look="main" busy={submit.busy()}>{props.action}</Button><ButtonLink href="/schedules" look="quiet">{t().form.cancel}</ButtonLink></div>
        </Show>
      </fieldset>
    </form>
  );
}
