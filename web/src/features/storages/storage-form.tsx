import { createSignal, Show, type JSX } from "solid-js";
import type { Warning } from "@safebase/contracts";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Storage, StorageTest } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField, SelectField, TextField } from "../../ui/field.tsx";
import { createForm, filled, type Form } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { Tiles } from "../../ui/tiles.tsx";
import { may } from "../session/rights.ts";
import { ALL, changesOf, configOf, freshValues, isNeeded, knownValues, PRESETS, presetOf, type Preset, type StorageValues } from "./config.ts";
import { StorageFields } from "./storage-fields.tsx";
import { Tried } from "./tried.tsx";
import "../databases/databases.css";
import "./storages.css";

const ICONS = { aws: "storage", r2: "storage", s3: "storage", sftp: "server", local: "archive" } as const;

export interface Saved { readonly storage: Storage; readonly warnings: readonly Warning[] }

/** A place for backups, new or as it is. A new one is tried before it is added. `children`: what else one can do. */
export function StorageForm(props: { initial?: Storage; onSaved: (saved: Saved) => void; children?: JSX.Element }) {
  const [preset, setPreset] = createSignal<Preset>(props.initial === undefined ? "s3" : presetOf(props.initial));
  const kept = (): readonly string[] => props.initial?.secret_fields ?? [];
  const checks = Object.fromEntries(ALL.map((field) => [field, (value: string) => (props.initial?.name !== "local" && isNeeded(field, preset(), form.values(), kept()) ? filled(value) : undefined)]));
  const form = createForm<StorageValues>(props.initial === undefined ? freshValues("s3") : knownValues(props.initial), { ...checks, name: filled });
  const [tried, setTried] = createSignal<StorageTest>();
  const [anyway, setAnyway] = createSignal(false);

  const choose = (wanted: Preset): void => {
    const [before, after] = [freshValues(preset()), freshValues(wanted)];
    setPreset(wanted);
    setTried(undefined);
    // What was typed stays; what was only suggested is suggested anew.
    for (const name of ["name", "region"] as const) if (form.values()[name] === before[name]) form.set(name, after[name]);
  };
  const common = () => ({ ...(may("administer") ? { shared: form.values().shared === "true" } : {}), encryption_key_id: form.values().encryption_key_id === "" ? null : Number(form.values().encryption_key_id) });
  const add = async (): Promise<void> => {
    const config = configOf(preset(), form.values());
    if (!anyway()) {
      setTried(undefined);
      const result = await ask(api.storages.test.$post({ query: {}, json: { config } }));
      setTried(result);
      if (!result.ok) return;
    }
    props.onSaved(await ask(api.storages.$post({ query: {}, json: { name: form.values().name.trim(), config, ...common() } })));
  };
  const change = async (before: Storage): Promise<void> => {
    const config = changesOf(before, form.values());
    const settings = before.name === "local" ? { encryption_key_id: common().encryption_key_id } : { ...common(), ...(Object.keys(config).length === 0 ? {} : { config }) };
    props.onSaved(await ask(api.storages[":id"].$put({ param: { id: String(before.id) }, query: {}, json: settings })));
  };
  const presets = () => PRESETS.filter((each) => each !== "local" || may("administer")).map((value) => ({ value, icon: ICONS[value], label: t().storages.presets[value].name, hint: t().storages.presets[value].hint }));
  const failed = (): boolean => tried()?.ok === false;
  return (
    <form class="add" noValidate autocomplete="off" onSubmit={form.submit(() => (props.initial === undefined ? add() : change(props.initial)).finally(() => setAnyway(false)))}>
      <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
      <Show when={props.initial === undefined}>
        <Tiles label={t().storages.kind} value={preset()} options={presets()} onChange={choose} />
        <TextField label={t().storages.name} hint={t().storages.nameHint} required {...form.field("name")} />
      </Show>
      <Show when={props.initial?.name !== "local"}><StorageFields form={form} preset={preset()} kept={kept()} /></Show>
      <Common form={form} isLocal={props.initial?.name === "local"} />
      <div role="status"><Show when={tried()}>{(result) => <Tried result={result()} />}</Show></div>
      <div class="row add-actions">
        <Button type="submit" look="main" busy={form.busy()}>{props.initial === undefined ? t().storages.add : t().form.save}</Button>
        <Show when={failed()}><Button type="submit" onClick={() => setAnyway(true)}>{t().storages.addAnyway}</Button></Show>
        {props.children}
      </div>
    </form>
  );
}

/** What holds for any kind. */
function Common(props: { form: Form<StorageValues>; isLocal: boolean }) {
  const keys = createData(() => undefined, async () => (await ask(api.keys.$get({ query: {} }))).keys);
  const options = () => [{ value: "", label: t().storages.noKey }, ...(keys.value() ?? []).filter(({ id, retired_at }) => retired_at === null || String(id) === props.form.values().encryption_key_id).map(({ id, name }) => ({ value: String(id), label: name }))];
  return (
    <>
      <Show when={options().length > 1}>
        <SelectField {...props.form.field("encryption_key_id")} label={t().storages.key} hint={t().storages.keyHint} options={options()} onChange={(value) => props.form.set("encryption_key_id", value)} />
      </Show>
      <Show when={may("administer") && !props.isLocal}>
        <CheckField name="shared" label={t().storages.shared} hint={t().storages.sharedHint} checked={props.form.values().shared === "true"} onChange={(checked) => props.form.set("shared", checked ? "true" : "")} />
      </Show>
    </>
  );
}
