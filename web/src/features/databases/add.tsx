import { A, useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { TestResult } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { filled } from "../../ui/form.ts";
import { createForm } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { ConnectionFields } from "./connection-fields.tsx";
import { connectionOf, type Way } from "./connection.ts";
import { Tested } from "./tested.tsx";
import "./databases.css";

const EMPTY = { name: "", url: "", type: "postgresql", host: "", port: "", username: "", password: "", db_name: "", ssl_mode: "prefer" };

/** Registers a database, once its server has been heard. */
export default function AddDatabasePage() {
  const navigate = useNavigate();
  const [way, setWay] = createSignal<Way>("url");
  const [tested, setTested] = createSignal<TestResult>();
  const [testing, setTesting] = createSignal(false);
  const only = (of: Way) => (value: string) => (way() === of ? filled(value) : undefined);
  const form = createForm(EMPTY, { name: (value) => (testing() ? undefined : filled(value)), url: only("url"), host: only("fields"), username: only("fields"), db_name: only("fields") });

  const test = async (): Promise<void> => {
    setTested(undefined);
    setTested(await ask(api.databases.test.$post({ query: {}, json: connectionOf(way(), form.values()) })));
  };
  const onTest = (event: SubmitEvent): void => { // its fields are checked and refused like those of the form
    if (form.busy()) return;
    setTesting(true);
    form.submit(() => test().finally(() => setTesting(false)))(event);
    if (!form.busy()) setTesting(false);
  };
  const save = async (): Promise<void> => {
    const { database } = await ask(api.databases.$post({ query: {}, json: { name: form.values().name.trim(), ...connectionOf(way(), form.values()) } }));
    toast("good", t().add.added(database.name));
    navigate("/databases");
  };
  return (
    <>
      <PageHead title={t().add.title} above={<A href="/databases" class="small">{t().databases.title}</A>} />
      <form class="card add" noValidate onSubmit={(event) => (event.submitter?.getAttribute("name") === "test" ? onTest(event) : form.submit(save)(event))}>
        <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
        <TextField label={t().add.name} hint={t().add.nameHint} required {...form.field("name")} />
        <Choice label={t().add.how} value={way()} options={[{ value: "url", label: t().add.byUrl }, { value: "fields", label: t().add.byFields }]} onChange={setWay} />
        <Show when={way() === "url"} fallback={<ConnectionFields form={form} />}>
          <TextField label={t().add.url} hint={t().add.urlHint} mono required placeholder="postgres://user:password@host:5432/name" {...form.field("url")} />
        </Show>
        <div role="status">
          <Show when={testing()}><p class="dim">{t().add.testing}</p></Show>
          <Show when={tested()}>{(result) => <Tested result={result()} />}</Show>
        </div>
        <div class="row add-actions">
          <Button type="submit" look="main" busy={form.busy() && !testing()}>{t().add.save}</Button>
          <Button type="submit" name="test" busy={testing()}>{t().add.test}</Button>
          <ButtonLink href="/databases" look="quiet">{t().form.cancel}</ButtonLink>
        </div>
      </form>
    </>
  );
}
