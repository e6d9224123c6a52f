import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { CheckField } from "../../ui/field.tsx";
import { Problem } from "../../ui/problem.tsx";

/** Whether backups go there of which nothing else is said. */
export function DefaultStorage(props: { name: string }) {
  const [error, setError] = createSignal<unknown>();
  const data = createData(() => props.name, async () => (await ask(api.settings.$get({ query: {} }))).settings.default_storages);
  const set = async (wanted: boolean): Promise<void> => {
    setError(undefined);
    const others = (data.value() ?? []).filter((name) => name !== props.name);
    try {
      await ask(api.settings.$put({ query: {}, json: { default_storages: wanted ? [...others, props.name] : others } }));
    } catch (thrown) {
      setError(thrown);
    }
    data.again();
  };
  const isDefault = (): boolean => data.value()?.includes(props.name) ?? false;
  return (
    <div class="card card-body stack">
      <CheckField name="default" label={t().storages.isDefault} hint={t().storages.isDefaultHint} checked={isDefault()} disabled={data.value() === undefined || (isDefault() && data.value()?.length === 1)} onChange={(checked) => void set(checked)} />
      <Show when={error()}>{(thrown) => <Problem error={thrown()} />}</Show>
    </div>
  );
}
