import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { SelectField } from "../../ui/field.tsx";
import { filterOf, STATUSES } from "../backups/filter.ts";

type Params = Readonly<Record<string, string | undefined>>;

/** What the address asks for. */
export function askedOf(params: Params): { status?: (typeof STATUSES)[number]; database_id?: string } {
  const { status, database_id } = filterOf(params);
  return { ...(status === undefined ? {} : { status }), ...(database_id === undefined ? {} : { database_id }) };
}

/** Which restores, or test restores, are shown. */
export function Filters(props: { params: Params; databases: readonly Database[]; onChange: (changed: { status?: string | undefined; database_id?: string | undefined }) => void }) {
  const now = () => askedOf(props.params);
  const all = () => ({ value: "", label: t().backups.all });
  const chosen = (value: string): string | undefined => (value === "" ? undefined : value);
  return (
    <div class="filters filters-pair" role="group" aria-label={t().backups.filters}>
      <SelectField name="status" label={t().backups.status} value={now().status ?? ""} options={[all(), ...STATUSES.map((value) => ({ value, label: t().status[value] }))]} onChange={(value) => props.onChange({ status: chosen(value) })} />
      <SelectField name="database_id" label={t().backups.database} value={now().database_id ?? ""} options={[all(), ...props.databases.map(({ id, name }) => ({ value: String(id), label: name }))]} onChange={(value) => props.onChange({ database_id: chosen(value) })} />
    </div>
  );
}
