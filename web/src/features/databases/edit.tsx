import { A, useNavigate, useParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageHead } from "../../ui/card.tsx";
import { Choice, SelectField, TextField } from "../../ui/field.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty, Problem } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { RetentionField } from "../retention/retention-field.tsx";
import { RetentionPreview } from "../retention/retention-preview.tsx";
import { may } from "../session/rights.ts";
import { changeOf, refusedAt, valuesOf, type Settings } from "./change.ts";
import { ConnectionFields } from "./connection-fields.tsx";
import { createConnection, type ConnectionForm } from "./connection.ts";
import { isMissing, Missing } from "./missing.tsx";
import { storable } from "./storable.ts";
import { StorageChoice } from "./storage-choice.tsx";
import "./databases.css";
import "./one.css";

/** Changes what is registered of a database. */
export default function EditDatabasePage() {
  const params = useParams<{ id: string }>();
  const data = createData(() => params.id, load);
  const gone = (): boolean => data.value() === undefined && isMissing(data.error());
  const title = (): string => { const name = data.value()?.database.name; return name === undefined ? (gone() ? t().database.missingTitle : t().databases.edit) : t().database.editTitle(name); };
  return (
    <>
      <PageHead title={title()} above={<A href={`/databases/${params.id}`} class="small">{data.value()?.database.name ?? t().database.back}</A>} />
      <Show when={!gone()} fallback={<Missing />}>
        <Loaded of={data} lines={10}>{(value) => (
          <Show when={may("manage", value().database.user_id)} fallback={<div class="card"><Empty title={t().errors.codes.forbidden}><ButtonLink href={`/databases/${params.id}`}>{value().database.name}</ButtonLink></Empty></div>}>
            <EditForm {...value()} />
          </Show>
        )}</Loaded>
      </Show>
    </>
  );
}

async function load(id: string) {
  const [{ database }, { storages }, { keys }] = await Promise.all([
    ask(api.databases[":id"].$get({ param: { id }, query: {} })), ask(api.storages.$get({ query: {} })), ask(api.keys.$get({ query: {} })),
  ]);
  return { database, storages: storable(storages, database.user_id, database.storages ?? []), keys: keys.filter(({ user_id }) => user_id === database.user_id) };
}

type Loaded = Awaited<ReturnType<typeof load>>;

function EditForm(props: Loaded) {
  const navigate = useNavigate();
  const { database } = props;
  const form = createConnection(valuesOf(database));
  const [settings, setSettings] = createSignal<Settings>({ retention: database.retention, encryption_key_id: database.encryption_key_id, storages: database.storages });
  const change = (changed: Partial<Settings>): void => { setSettings((before) => ({ ...before, ...changed })); };
  const refused = (field: keyof Settings): string | undefined => refusedAt(form.error(), field);
  const loose = (): unknown => ((["retention", "encryption_key_id", "storages"] as const).some((field) => refused(field) !== undefined) ? undefined : form.loose());
  const save = async (): Promise<void> => {
    const json = changeOf(database, form.values(), settings());
    if (Object.keys(json).length === 0) toast("none", t().database.unchanged);
    else {
      const saved = await ask(api.databases[":id"].$put({ param: { id: String(database.id) }, query: {}, json }));
      toast("good", t().database.saved(saved.database.name));
    }
    navigate(`/databases/${database.id}`);
  };
  return (
    <form class="edit-page" noValidate autocomplete="off" onSubmit={form.submit(save)}>
      <Show when={loose()}>{(error) => <Problem error={error()} />}</Show>
      <Connection database={database} form={form} />
      <Where names={props.storages} database={database} chosen={settings().storages} error={refused("storages")} onChange={(storages) => change({ storages })} />
      <Card title={t().database.key}>
        <SelectField name="encryption_key_id" label={t().database.key} hint={t().database.keyHint} value={String(settings().encryption_key_id ?? "")} error={refused("encryption_key_id")}
          options={keyOptions(props)} onChange={(id) => change({ encryption_key_id: id === "" ? null : Number(id) })} />
      </Card>
      <Card title={t().database.retention}>
        <div class="stack">
          <RetentionField value={settings().retention} onChange={(retention) => change({ retention })} error={refused("retention")} />
          <RetentionPreview database_id={database.id} policy={settings().retention} />
        </div>
      </Card>
      <div class="row">
        <Button type="submit" look="main" busy={form.busy()}>{t().form.save}</Button>
        <ButtonLink href={`/databases/${database.id}`} look="quiet">{t().form.cancel}</ButtonLink>
      </div>
    </form>
  );
}

/** Keys that are in use, and the one that is set even when it is not any more. */
function keyOptions({ keys, database }: Loaded): { value: string; label: string }[] {
  const offered = keys.filter(({ id, retired_at }) => retired_at === null || id === database.encryption_key_id);
  return [{ value: "", label: t().database.noKey }, ...offered.map(({ id, name, retired_at }) => ({ value: String(id), label: retired_at === null ? name : `${name} (${t().database.retiredKey})` }))];
}

function Connection(props: { database: Database; form: ConnectionForm }) {
  const words = () => t().database;
  const name = () => <TextField label={t().add.name} hint={t().add.nameHint} required {...props.form.field("name")} />;
  return (
    <Card title={words().editConnection}>
      <Show when={props.database.server_id === null} fallback={<div class="stack">{name()}<p class="dim">{words().serverFixed}</p></div>}>
        <div class="add">
          <div onFocusOut={() => props.form.settle()}><TextField label={t().add.url} hint={t().add.urlHint} mono {...props.form.field("url")} /></div>
          <ConnectionFields form={props.form} password_hint={props.database.has_password ? `${words().passwordKeep} ${words().passwordAgain}` : words().noPassword}>{name()}</ConnectionFields>
        </div>
      </Show>
    </Card>
  );
}

function Where(props: { names: readonly string[]; database: Database; chosen: readonly string[] | null; error: string | undefined; onChange: (chosen: string[] | null) => void }) {
  const words = () => t().database;
  const way = (): "default" | "own" => (props.chosen === null ? "default" : "own");
  return (
    <Card title={words().where}>
      <div class="stack">
        <Choice label={words().where} value={way()} options={[{ value: "default", label: words().whereDefault }, { value: "own", label: words().whereOwn }]} onChange={(wanted) => props.onChange(wanted === "default" ? null : [...props.database.effective_storages])} />
        <Show when={props.chosen} fallback={<Show when={props.database.storages === null}><p class="small dim">{words().defaultIs(f().list(props.database.effective_storages))}</p></Show>}>
          {(chosen) => <StorageChoice legend={words().storages} names={props.names} chosen={chosen()} onChange={props.onChange} error={props.error ?? (chosen().length === 0 ? words().oneStorage : undefined)} />}
        </Show>
      </div>
    </Card>
  );
}
