import { createSignal, Show } from "solid-js";
import type { EngineType, Server } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { AreaField, SecretField, SelectField, TextField } from "../../ui/field.tsx";
import { TYPES } from "../backups/filter.ts";
import { MASKED, readConnection, shownConnection } from "../databases/connection-string.ts";
import { asksForAuthority } from "../databases/connection.ts";
import { GroupField } from "../executors/group-field.tsx";
import type { ServerValues } from "./values.ts";

const SSL_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;
const PORTS: Record<EngineType, string> = { postgresql: "5432", mysql: "3306", mariadb: "3306" };

/** Where a server is and who asks it. A pasted string fills the fields; `known`: its type stays, and so does its password unless another is given. */
export function PlaceFields(props: { value: ServerValues; onChange: (change: Partial<ServerValues>) => void; refused: (field: string) => string | undefined; known: boolean }) {
  const [url, setUrl] = createSignal("");
  const words = () => t().servers;
  const paste = (text: string): void => {
    const whole = Math.abs(text.length - url().length) > 1;
    const found = readConnection(text)?.fields;
    setUrl(whole && found !== undefined ? shownConnection({ type: "postgresql", host: "", port: "", username: "", password: "", ssl_mode: "prefer", ...found, db_name: "" }) : text);
    if (found === undefined) return;
    const { db_name: _, type, ssl_mode, password = "", ...plain } = found;
    props.onChange({ ...plain, ...(password === "" || MASKED.test(password) ? {} : { password }), ...(type === undefined ? {} : { type: type as EngineType }), ...(ssl_mode === undefined ? {} : { ssl_mode: ssl_mode as Server["ssl_mode"] }) });
  };
  const field = (name: "name" | "host" | "port" | "username" | "password" | "ssl_ca") => ({ name, value: props.value[name], error: props.refused(name), onInput: (value: string) => props.onChange({ [name]: value }) });
  return (
    <div class="form-grid">
      <Show when={!props.known}>
        <div class="form-whole"><TextField name="url" label={words().url} hint={words().urlHint} mono value={url()} error={props.refused("url")} placeholder="postgres://user:password@host:5432" onInput={paste} /></div>
      </Show>
      <TextField label={words().name} hint={words().nameHint} required {...field("name")} />
      <Show when={!props.known}>
        <SelectField name="type" label={t().add.type} value={props.value.type} options={TYPES.map((value) => ({ value, label: t().engines[value] }))} onChange={(type) => props.onChange({ type })} />
      </Show>
      <TextField label={t().add.host} required {...field("host")} />
      <TextField label={t().add.port} inputmode="numeric" placeholder={PORTS[props.value.type]} {...field("port")} />
      <TextField label={t().add.username} required {...field("username")} />
      <SecretField label={t().add.password} autocomplete="new-password" {...(props.known ? { hint: words().keepPassword } : {})} {...field("password")} />
      <SelectField name="ssl_mode" label={t().add.ssl_mode} value={props.value.ssl_mode} hint={t().add.ssl_hints[props.value.ssl_mode]} options={SSL_MODES.map((value) => ({ value, label: value }))} onChange={(ssl_mode) => props.onChange({ ssl_mode })} />
      <GroupField value={props.value.executor_group} error={props.refused("executor_group")} onChange={(executor_group) => props.onChange({ executor_group })} />
      <Show when={asksForAuthority(props.value.ssl_mode)}><AreaField label={t().add.ssl_ca} hint={t().add.ssl_ca_hint} placeholder="-----BEGIN CERTIFICATE-----" {...field("ssl_ca")} /></Show>
    </div>
  );
}
