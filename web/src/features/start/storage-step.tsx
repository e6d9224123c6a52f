import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/field.tsx";
import { createForm } from "../../ui/form.ts";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/toasts.tsx";
import { StorageForm, type Saved } from "../storages/storage-form.tsx";
import { Actions } from "./actions.tsx";
import type { StepProps } from "./load.ts";

/** Where its backups lie: in one place or several, which are all written at once. */
export function StorageStep(props: StepProps) {
  const words = () => t().start.steps.storage;
  const [chosen, setChosen] = createSignal<readonly string[]>(props.database.effective_storages);
  const [added, setAdded] = createSignal<readonly Saved["storage"][]>([]);
  const [adding, setAdding] = createSignal(false);
  const form = createForm({}, {});
  const all = () => [...props.setup.storages, ...added().filter(({ id }) => !props.setup.storages.some((known) => known.id === id))];
  const choose = (name: string, wanted: boolean): void => { setChosen((names) => [...names.filter((each) => each !== name), ...(wanted ? [name] : [])]); };
  const saved = ({ storage, warnings }: Saved): void => {
    for (const warning of warnings) toast("warn", warning.message);
    setAdded((before) => [...before, storage]);
    choose(storage.name, true);
    setAdding(false);
  };
  const save = async (): Promise<void> => {
    await ask(api.databases[":id"].$put({ param: { id: String(props.database.id) }, query: {}, json: { storages: [...chosen()] } }));
    props.onDone();
  };
  return (
    <>
      <p class="dim">{words().lead}</p>
      <Show when={!adding()} fallback={<div class="start-inner"><StorageForm onSaved={saved}><Button look="quiet" onClick={() => setAdding(false)}>{t().form.cancel}</Button></StorageForm></div>}>
        <form class="add" onSubmit={form.submit(save)}>
          <ul class="start-choices">
            <For each={all()}>{({ name, target }) => (
              <li><CheckField name={name} label={name === "local" ? words().here : name} hint={name === "local" ? words().hereHint : target} checked={chosen().includes(name)} disabled={chosen().length === 1 && chosen().includes(name)} onChange={(wanted) => choose(name, wanted)} /></li>
            )}</For>
          </ul>
          <Show when={chosen().length === 1 && chosen()[0] === "local"}><p class="start-advice"><Icon name="info" />{words().advice}</p></Show>
          <div><Button icon="plus" onClick={() => setAdding(true)}>{words().add}</Button></div>
          <Actions busy={form.busy()} error={form.error()} onSkip={props.onSkip} />
        </form>
      </Show>
    </>
  );
}
