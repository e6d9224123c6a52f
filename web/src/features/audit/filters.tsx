import { t } from "../../i18n/i18n.ts";
import { SelectField, TextField } from "../../ui/field.tsx";
import { OUTCOMES, type Subject } from "./filter.ts";

type Change = Record<string, string | undefined>;

/** Which entries are shown. */
export function Filters(props: { params: Readonly<Record<string, string | undefined>>; subjects: readonly Subject[]; onChange: (changed: Change) => void }) {
  const all = () => ({ value: "", label: t().audit.all });
  const set = (name: string) => (value: string): void => props.onChange({ [name]: value === "" ? undefined : value });
  const now = (name: string): string => props.params[name] ?? "";
  return (
    <div class="filters" role="group" aria-label={t().audit.filters}>
      <SelectField name="subject" label={t().audit.subject} value={now("subject")} options={[all(), ...props.subjects.map((value) => ({ value, label: t().audit.subjects[value] }))]} onChange={set("subject")} />
      <TextField name="actor" type="search" label={t().audit.search} value={now("actor")} onInput={set("actor")} />
      <SelectField name="outcome" label={t().audit.outcome} value={now("outcome")} options={[all(), ...OUTCOMES.map((value) => ({ value, label: t().audit.outcomes[value] }))]} onChange={set("outcome")} />
      <TextField name="since" type="date" label={t().audit.since} value={now("since")} onInput={set("since")} />
      <TextField name="until" type="date" label={t().audit.until} value={now("until")} onInput={set("until")} />
    </div>
  );
}
