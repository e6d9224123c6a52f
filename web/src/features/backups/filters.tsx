import { t } from "../../i18n/i18n.ts";
import type { Database } from "../../api/types.ts";
import { SelectField } from "../../ui/field.tsx";
import { filterOf, STATUSES, TYPES } from "./filter.ts";

interface Change { status?: string | undefined; type?: string | undefined; database_id?: string | undefined }

/** Which backups are shown. */
export function Filters(props: { params: Readonly<Record<string, string | undefined>>; databases: readonly Database[]; onChange: (changed: Change) => void }) {
  const now = () => filterOf(props.params);
  const all = () => ({ value: "", label: t().backups.all });
  const chosen = (value: string): string | undefined => (value === "" ? undefined : value);
  return (
    <div class="filters" role="group" aria-label={t().backups.filters}>
      <SelectField name="status" label={t().backups.status} value={now().status ?? ""} options={[all(), ...STATUSES.map((value) => ({ value, label: t().status[value] }))]} onChange={(value) => props.onChange({ status: chosen(value) })} />
      <SelectField name="type" label={t().backups.type} value={now().type ?? ""} options={[all(), ...TYPES.map((value) => ({ value, label: t().engines[value] }))]} onChange={(value) => props.onChange({ type: chosen(value) })} />
      <SelectField name="database_id" label={t().backups.database} value={now().database_id ?? ""} options={[all(), ...props.databases.map(({ id, name }) => ({ value: String(id), label: name }))]} onChange={(value) => props.onChange({ database_id: chosen(value) })} />
    </div>
  );
}
