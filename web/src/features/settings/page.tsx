import type { InferResponseType } from "hono/client";
import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Card, PageHead } from "../../ui/card.tsx";
import { CheckField } from "../../ui/field.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { toast } from "../../ui/toasts.tsx";
import { ForAdmins } from "../session/allowed.tsx";
import { Executors } from "./executors.tsx";
import { Recovery } from "./recovery.tsx";
import "./settings.css";

type Settings = InferResponseType<(typeof api)["settings"]["$get"], 200>["settings"];
type Change = Partial<Pick<Settings, "schedules_paused" | "default_storages" | "registration">>;

/** What holds for the whole installation. */
export default function SettingsPage() {
  return <ForAdmins title={t().settings.title}><PageHead title={t().settings.title} /><All /></ForAdmins>;
}

function All() {
  const data = createData(() => undefined, load, ["storage"]);
  return (
    <div class="settings">
      <Loaded of={data}>{(value) => <General settings={value().settings} storages={value().storages} again={data.again} />}</Loaded>
      <Recovery />
      <Executors version={data.value()?.settings.version} />
    </div>
  );
}

async function load() {
  const [{ settings }, { storages }] = await Promise.all([ask(api.settings.$get({ query: {} })), ask(api.storages.$get({ query: {} }))]);
  return { settings, storages: storages.filter(({ shared }) => shared).map(({ name }) => name) };
}

function General(props: { settings: Settings; storages: readonly string[]; again: () => void }) {
  const words = () => t().settings;
  const save = async (change: Change, said: string): Promise<void> => {
    try {
      await ask(api.settings.$put({ query: {}, json: change }));
      toast("good", said);
    } catch (error) {
      toast("bad", saidOf(error));
    }
    props.again(); // and what was refused stands as it was
  };
  return (
    <div class="settings-general">
      <Card title={words().schedules}>
        <CheckField name="schedules_paused" label={words().pauseLabel} hint={words().pauseHint} checked={props.settings.schedules_paused} onChange={(schedules_paused) => void save({ schedules_paused }, schedules_paused ? words().paused : words().resumed)} />
      </Card>
      <Card title={words().registration}>
        <CheckField name="registration" label={words().open} hint={props.settings.registration_fixed ? words().fixed : words().openHint} disabled={props.settings.registration_fixed} checked={props.settings.registration === "open"} onChange={(open) => void save({ registration: open ? "open" : "closed" }, words().saved)} />
      </Card>
      <Card title={words().storages}><Storages chosen={props.settings.default_storages} known={props.storages} onChange={(default_storages) => void save({ default_storages }, words().saved)} /></Card>
    </div>
  );
}

function Storages(props: { chosen: readonly string[]; known: readonly string[]; onChange: (names: string[]) => void }) {
  const [none, setNone] = createSignal(false);
  const toggle = (name: string, on: boolean): void => {
    const names = props.known.filter((each) => (each === name ? on : props.chosen.includes(each)));
    setNone(names.length === 0);
    if (names.length > 0) props.onChange(names);
  };
  return (
    <div class="stack">
      <p class="dim small">{t().settings.storagesHint}</p>
      <For each={props.known}>{(name) => <CheckField name="default_storages" label={name} checked={props.chosen.includes(name)} onChange={(on) => toggle(name, on)} />}</For>
      <Show when={none()}><p class="field-error" role="alert">{t().settings.storagesNeeded}</p></Show>
    </div>
  );
}
