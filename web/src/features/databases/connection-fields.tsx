import { Show, type JSX } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { AreaField, SecretField, SelectField, TextField } from "../../ui/field.tsx";
import type { Form } from "../../ui/form.ts";
import { TYPES } from "../backups/filter.ts";
import { GroupField } from "../executors/group-field.tsx";
import { asksForAuthority, type ConnectionValues } from "./connection.ts";

type Names = Exclude<keyof ConnectionValues, "url" | "name">;

const PORTS: Record<string, string> = { postgresql: "5432", mysql: "3306", mariadb: "3306" };
const SSL_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

/** Where a database is, field by field; `children` stand among them. */
export function ConnectionFields<V extends Record<Names, string>>(props: { form: Form<V>; password_hint?: string; children?: JSX.Element }) {
  const words = () => t().add;
  return (
    <div class="add-grid">
      <SelectField name="type" label={words().type} value={props.form.values().type} options={TYPES.map((value) => ({ value: value as string, label: t().engines[value] }))} onChange={(value) => props.form.set("type", value)} />
      <TextField label={words().db_name} required {...props.form.field("db_name")} />
      <TextField label={words().host} required {...props.form.field("host")} />
      <TextField label={words().port} inputmode="numeric" placeholder={PORTS[props.form.values().type] ?? ""} {...props.form.field("port")} />
      <TextField label={words().username} required {...props.form.field("username")} />
      <SecretField label={words().password} {...(props.password_hint === undefined ? {} : { hint: props.password_hint })} {...props.form.field("password")} />
      <SelectField name="ssl_mode" label={words().ssl_mode} value={props.form.values().ssl_mode} hint={words().ssl_hints[props.form.values().ssl_mode as (typeof SSL_MODES)[number]]}
        options={SSL_MODES.map((value) => ({ value: value as string, label: value }))} onChange={(value) => props.form.set("ssl_mode", value)} />
      <GroupField value={props.form.values().executor_group} error={props.form.field("executor_group").error} onChange={(group) => props.form.set("executor_group", group)} />
      {props.children}
      <Show when={asksForAuthority(props.form.values().ssl_mode)}>
        <AreaField label={words().ssl_ca} hint={words().ssl_ca_hint} placeholder="-----BEGIN CERTIFICATE-----" {...props.form.field("ssl_ca")} />
      </Show>
    </div>
  );
}
