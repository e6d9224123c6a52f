import { Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { SelectField } from "../../ui/field.tsx";

/** Whose executors connect to it: asked only where there is a choice. An empty value is SafeBase's own group. */
export function GroupField(props: { value: string; error: string | undefined; onChange: (group: string) => void }) {
  const data = createData(() => undefined, () => ask(api.executors.$get({ query: {} })));
  const offered = () => (data.value()?.groups ?? []).filter(({ group, usable }) => usable || group === props.value);
  const own = (): string => offered().find((group) => group.own)?.group ?? "";
  return (
    <Show when={offered().length > 1}>
      <SelectField name="executor_group" label={t().executors.chosen} hint={t().executors.chosenHint} value={props.value === "" ? own() : props.value} error={props.error}
        options={offered().map((each) => ({ value: each.group, label: t().executors.option(each.group, each.own, each.alive) }))} onChange={props.onChange} />
    </Show>
  );
}
