import { Show, type JSX } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Problem } from "../../ui/problem.tsx";
import { ConnectionFields } from "./connection-fields.tsx";
import { connectionOf, createConnection, groupOf, type ConnectionForm } from "./connection.ts";
import { shownConnection } from "./connection-string.ts";
import { createLiveTest, type LiveTest } from "./live-test.ts";
import { ReadOnlyUser } from "./offer-reader.tsx";
import { Tested } from "./tested.tsx";
import "./databases.css";

/** A new database: pasted or filled in, heard while it is typed, saved. `children`: what else one can do than save. */
export function DatabaseForm(props: { action: string; onSaved: (database: Database) => void; children?: JSX.Element }) {
  const form = createConnection();
  const live = createLiveTest(form);
  const save = async (): Promise<void> => {
    const { database } = await ask(api.databases.$post({ query: {}, json: { name: form.values().name.trim(), ...connectionOf(form.values()), ...groupOf(form.values()) } }));
    live.cancel();
    props.onSaved(database);
  };
  return (
    <form class="add" noValidate autocomplete="off" onSubmit={form.submit(save)}>
      <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
      <ConnectionString form={form} />
      <ConnectionFields form={form}><TextField label={t().add.name} hint={t().add.nameHint} required {...form.field("name")} /></ConnectionFields>
      <Live form={form} live={live} />
      <Show when={form.values().db_name.trim() !== ""}><ReadOnlyUser form={form} server={serverOf(live)} /></Show>
      <div class="row add-actions">
        <Button type="submit" look="main" busy={form.busy()}>{props.action}</Button>
        {props.children}
      </div>
    </form>
  );
}

/** The string, without its password as soon as nobody types in it. */
function ConnectionString(props: { form: ConnectionForm }) {
  return (
    <div onFocusOut={() => props.form.settle()}>
      <TextField label={t().add.url} hint={props.form.left_out().length > 0 ? t().add.leftOut(f().list(props.form.left_out())) : t().add.urlHint} mono placeholder="postgres://user:password@host:5432/name" {...props.form.field("url")} />
    </div>
  );
}

/** Keeps its room, so that an answer moves nothing. */
function Live(props: { form: ConnectionForm; live: LiveTest }) {
  const test = (): void => { if (props.form.valid()) props.live.start(); };
  return (
    <div class="live">
      <div role="status" class="live-answer">
        <Show when={props.live.testing()}><p class="row dim"><span class="spinner" />{t().add.testing(shownConnection({ ...props.form.values(), password: "" }))}</p></Show>
        <Show when={props.live.result()}>{(result) => <Tested result={result()} />}</Show>
        <Show when={props.live.error()}>{(error) => <Problem error={error()} />}</Show>
        <Show when={!props.live.testing() && props.live.result() === undefined && props.live.error() === undefined}><p class="dim">{t().add.liveHint}</p></Show>
      </div>
      <Show when={props.live.testing()} fallback={<Button icon="bolt" onClick={test}>{t().add.test}</Button>}><Button icon="cross" onClick={props.live.cancel}>{t().form.cancel}</Button></Show>
    </div>
  );
}

function serverOf(live: LiveTest): string | undefined {
  const result = live.result();
  return result?.ok === true ? result.server : undefined;
}
