import { Match, Show, Switch } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { AreaField, Choice, SecretField, SelectField, TextField } from "../../ui/field.tsx";
import type { Form } from "../../ui/form.ts";
import type { ConfigField, Preset, StorageValues } from "./config.ts";

interface Props { form: Form<StorageValues>; preset: Preset; /** Secrets that are set: they stay as long as nothing is typed. */ kept: readonly string[] }

const ADVANCED: readonly ConfigField[] = ["path_style", "storage_class", "encryption", "kms_key_id", "lock_mode", "lock_days", "session_token", "ca", "part_size_mib", "timeout_s", "reserve_mib"];

/** Where it lies and how it is reached. */
export function StorageFields(props: Props) {
  return (
    <>
      <div class="add-grid">
        <Switch>
          <Match when={props.preset === "sftp"}><SftpFields {...props} /></Match>
          <Match when={props.preset === "local"}><Text {...props} name="root" placeholder="/mnt/backups" required /></Match>
          <Match when={true}><S3Fields {...props} /></Match>
        </Switch>
      </div>
      <details class="advanced" open={ADVANCED.some((name) => props.form.field(name).error !== undefined)}>
        <summary>{t().storages.advanced}</summary>
        <div class="add-grid advanced-body"><Advanced {...props} /></div>
      </details>
    </>
  );
}

function Text(props: Props & { name: ConfigField; required?: boolean; placeholder?: string; number?: boolean }) {
  const hint = (): string | undefined => t().storages.hints[props.name as keyof ReturnType<typeof t>["storages"]["hints"]];
  return (
    <TextField label={t().storages.fields[props.name]} {...(hint() === undefined ? {} : { hint: hint() ?? "" })} required={props.required ?? false} mono={props.number !== true}
      {...(props.number === true ? { inputmode: "numeric" as const } : {})} {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })} {...props.form.field(props.name)} />
  );
}

function Secret(props: Props & { name: ConfigField; required?: boolean }) {
  const isKept = (): boolean => props.kept.includes(props.name);
  return <SecretField label={t().storages.fields[props.name]} required={(props.required ?? false) && !isKept()} {...(isKept() ? { placeholder: t().storages.keep } : {})} {...props.form.field(props.name)} />;
}

function S3Fields(props: Props) {
  return (
    <>
      <Show when={props.preset !== "aws"}><Text {...props} name="endpoint" required placeholder={props.preset === "r2" ? "https://ACCOUNT.r2.cloudflarestorage.com" : "https://minio.example.org:9000"} /></Show>
      <Text {...props} name="bucket" required />
      <Text {...props} name="region" placeholder={props.preset === "aws" ? "eu-central-1" : "us-east-1"} required={props.preset === "aws"} />
      <Text {...props} name="prefix" placeholder="safebase" />
      <Text {...props} name="access_key_id" required />
      <Secret {...props} name="secret_access_key" required />
    </>
  );
}

function SftpFields(props: Props) {
  const auth = () => props.form.values().auth as "password" | "key";
  return (
    <>
      <Text {...props} name="host" required placeholder="nas.example.org" />
      <Text {...props} name="port" number placeholder="22" />
      <Text {...props} name="username" required />
      <Text {...props} name="root" required placeholder="/volume1/safebase" />
      <div class="whole"><Choice label={t().storages.auth.label} value={auth()} options={(["password", "key"] as const).map((value) => ({ value, label: t().storages.auth[value] }))} onChange={(value) => props.form.set("auth", value)} /></div>
      <Show when={auth() === "key"} fallback={<Secret {...props} name="password" required />}>
        <AreaField label={t().storages.fields.private_key} required placeholder={props.kept.includes("private_key") ? t().storages.keep : "-----BEGIN OPENSSH PRIVATE KEY-----"} {...props.form.field("private_key")} />
        <Secret {...props} name="passphrase" />
      </Show>
      <Text {...props} name="host_fingerprint" required placeholder="SHA256:…" />
    </>
  );
}

function Advanced(props: Props) {
  const words = () => t().storages;
  const select = (name: "path_style" | "encryption" | "lock_mode", values: readonly string[]) => ({
    ...props.form.field(name), label: words().fields[name], options: values.map((value) => ({ value, label: words().choices[name][value as keyof ReturnType<typeof words>["choices"][typeof name]] ?? value })), onChange: (value: string) => props.form.set(name, value),
  });
  return (
    <Switch>
      <Match when={props.preset === "local"}><Text {...props} name="reserve_mib" number placeholder="0" /></Match>
      <Match when={props.preset === "sftp"}><Text {...props} name="timeout_s" number placeholder="60" /></Match>
      <Match when={true}>
        <Text {...props} name="storage_class" placeholder="STANDARD_IA" />
        <SelectField {...select("path_style", ["", "true", "false"])} />
        <SelectField {...select("encryption", ["", "AES256", "aws:kms"])} />
        <Show when={props.form.values().encryption === "aws:kms"}><Text {...props} name="kms_key_id" /></Show>
        <SelectField {...select("lock_mode", ["", "governance", "compliance"])} />
        <Show when={props.form.values().lock_mode !== ""}><Text {...props} name="lock_days" number placeholder="30" /></Show>
        <Text {...props} name="part_size_mib" number />
        <Text {...props} name="timeout_s" number placeholder="60" />
        <Secret {...props} name="session_token" />
        <AreaField label={words().fields.ca} hint={words().hints.ca} placeholder="-----BEGIN CERTIFICATE-----" {...props.form.field("ca")} />
      </Match>
    </Switch>
  );
}
