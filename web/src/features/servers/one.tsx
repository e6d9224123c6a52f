import { A, useNavigate, useParams } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { api, ApiError, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { ServerDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, PageHead } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/dialog.tsx";
import { CheckField } from "../../ui/field.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { ServerForm } from "./form.tsx";
import { placeOf, settingsOf } from "./values.ts";
import "../../ui/table.css";

/** A server: what was found on it, and everything that it says, to be changed. */
export default function ServerPage() {
  const params = useParams<{ id: string }>();
  const navigate = useNavigate();
  const [all, setAll] = createSignal(false);
  const data = createData(() => params.id, (id) => ask(api.servers[":id"].$get({ param: { id }, query: {} })), ["server", "database"]);
  const words = () => t().servers;
  const server = () => data.value()?.server;
  const remove = async (): Promise<void> => {
    await ask(api.servers[":id"].$delete({ param: { id: params.id }, query: all() ? { databases: "true" } : {} }));
    toast("good", words().removed);
    navigate("/servers");
  };
  return (
    <>
      <PageHead title={server()?.name ?? words().title} above={<A href="/servers" class="small">{words().back}</A>}>
        <Show when={server() !== undefined && may("manage", server()?.user_id)}>
          <SyncButton id={params.id} onDone={data.again} />
          <ConfirmButton icon="trash" look="danger" title={words().removeTitle(server()?.name ?? "")} action={words().remove} onConfirm={remove}
            text={<><p>{words().removeText}</p><CheckField name="databases" label={words().removeAll} checked={all()} onChange={setAll} /></>}>{words().remove}</ConfirmButton>
        </Show>
      </PageHead>
      <Loaded of={data} lines={8}>{(value) => (
        <div class="form-page">
          <Found details={value()} onDone={data.again} />
          <Show when={!may("manage", value().server.user_id)}><p class="dim">{words().readOnly}</p></Show>
          <ServerForm server={value().server} locked={!may("manage", value().server.user_id)} action={words().save} onSave={async (values) => {
            const { type: _, ...place } = placeOf(values);
            await ask(api.servers[":id"].$put({ param: { id: params.id }, query: {}, json: { name: values.name.trim(), ...place, ...settingsOf(values, value().server) } }));
            toast("good", words().saved);
            data.again();
          }} />
        </div>
      )}</Loaded>
    </>
  );
}

function SyncButton(props: { id: string; onDone: () => void }) {
  const [busy, setBusy] = createSignal(false);
  const sync = async (): Promise<void> => {
    setBusy(true);
    try {
      const { server: { last_sync } } = await ask(api.servers[":id"].sync.$post({ param: { id: props.id }, query: {} }));
      toast("none", (last_sync?.added ?? 0) > 0 ? t().servers.synced(last_sync?.added ?? 0) : t().servers.syncedNone);
      props.onDone();
    } catch (error) {
      toast("bad", saidOf(error));
    } finally {
      setBusy(false);
    }
  };
  return <Button icon="restore" busy={busy()} onClick={() => void sync()}>{t().servers.sync}</Button>;
}

/** What the last look has found: databases, those that are gone or left out, and what stood against it. */
function Found(props: { details: ServerDetails; onDone: () => void }) {
  const words = () => t().servers;
  const sync = () => props.details.server.last_sync;
  const takeAgain = async (name: string): Promise<void> => {
    const { id, left_out } = props.details.server;
    try {
      await ask(api.servers[":id"].$put({ param: { id: String(id) }, query: {}, json: { left_out: left_out.filter((each) => each !== name) } }));
      await ask(api.servers[":id"].sync.$post({ param: { id: String(id) }, query: {} }));
      props.onDone();
    } catch (error) {
      toast("bad", saidOf(error));
    }
  };
  return (
    <Card title={words().list} flush aside={<Show when={sync()}>{(last) => <span class="dim small">{words().lastSync} <Ago at={last().at} /></span>}</Show>}>
      <Show when={sync()?.problem}>{(problem) => <Problem title={words().problem} error={new ApiError(problem().code, problem().message, problem().hint)} />}</Show>
      <Show when={(sync()?.closed.length ?? 0) > 0}><p class="quiet dim">{words().closed(f().list(sync()?.closed ?? []))}</p></Show>
      <table class="table">
        <thead class="hidden"><tr><th scope="col">{words().name}</th><th scope="col">{t().schedules.state}</th></tr></thead>
        <tbody>
          <For each={props.details.databases}>{(database) => (
            <tr><td class="whole"><A href={`/databases/${database.id}`} class="wrap">{database.name}</A></td><td class="whole end"><Show when={database.missing_since}>{(at) => <Badge tone="warn">{words().gone} {f().moment(at())}</Badge>}</Show></td></tr>
          )}</For>
          <For each={props.details.server.left_out}>{(name) => (
            <tr><td class="whole wrap dim">{name}</td><td class="whole end"><span class="dim small">{words().leftOut}</span> <Show when={may("manage", props.details.server.user_id)}><Button label={words().takeAgainOf(name)} onClick={() => void takeAgain(name)}>{words().takeAgain}</Button></Show></td></tr>
          )}</For>
        </tbody>
      </table>
      <Show when={props.details.databases.length + props.details.server.left_out.length === 0}><p class="quiet dim">{words().count(0)}</p></Show>
    </Card>
  );
}
