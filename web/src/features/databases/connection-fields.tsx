import { t } from "../../i18n/i18n.ts";
import { SelectField, TextField } from "../../ui/field.tsx";
import type { Form } from "../../ui/form.ts";
import { TYPES } from "../backups/filter.ts";

type Names = "type" | "host" | "port" | "username" | "password" | "db_name" | "ssl_mode";

const PORTS: Record<string, string> = { postgresql: "5432", mysql: "3306", mariadb: "3306" };
const SSL_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"];

/** Where a database is, field by field. */
export function ConnectionFields<V extends Record<Names, string>>(props: { form: Form<V> }) {
  const words = () => t().add;
  return (
    <div class="add-grid">
      <SelectField name="type" label={words().type} value={props.form.values().type} options={TYPES.map((value) => ({ value: value as string, label: t().engines[value] }))} onChange={(value) => props.form.set("type", value)} />
      <TextField label={words().db_name} required {...props.form.field("db_name")} />
      <TextField label={words().host} required {...props.form.field("host")} />
      <TextField label={words().port} inputmode="numeric" placeholder={PORTS[props.form.values().type] ?? ""} {...props.form.field("port")} />
      <TextField label={words().username} required {...props.form.field("username")} />
      <TextField label={words().password} type="password" autocomplete="new-password" {...props.form.field("password")} />
      <SelectField name="ssl_mode" label={words().ssl_mode} value={props.form.values().ssl_mode} options={SSL_MODES.map((value) => ({ value, label: value }))} onChange={(value) => props.form.set("ssl_mode", value)} />
    </div>
  );
}
