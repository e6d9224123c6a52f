import { A, useParams } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Storage, StorageTest } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Fact, Facts, PageHead } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Problem } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { session } from "../session/session.ts";
import { shownValue } from "./config.ts";
import { DefaultStorage } from "./default.tsx";
import { Tags, targetOf } from "./list.tsx";
import { Looks } from "./looks.tsx";
import { RemoveStorage } from "./remove.tsx";
import { Scans } from "./scans.tsx";
import { StorageForm, type Saved } from "./storage-form.tsx";
import { Tried } from "./tried.tsx";
import "./storages.css";

/** One place for backups: how it stands, how it is reached, and what can be done with it. */
export default function StoragePage() {
  const params = useParams();
  const data = createData(() => params["id"] ?? "", async (id) => (await ask(api.storages[":id"].$get({ param: { id }, query: {} }))).storage, ["storage", "notice"]);
  return <Loaded of={data} lines={8}>{(storage) => <One storage={storage()} again={data.again} />}</Loaded>;
}

/** Whether he may change it: what all store in is for admins. */
function mayChange({ user_id, shared }: Pick<Storage, "user_id" | "shared">): boolean {
  return shared ? may("administer") : may("manage", user_id);
}

function One(props: { storage: Storage; again: () => void }) {
  const words = () => t().storages;
  const [changing, setChanging] = createSignal(false);
  const test = createStorageTest(() => props.storage.id);
  const saved = ({ warnings }: Saved): void => {
    setChanging(false);
    for (const warning of warnings) toast("warn", warning.message);
    props.again();
    test.start();
  };
  return (
    <>
      <PageHead title={props.storage.name} above={<A href="/storages" class="small">{words().title}</A>}>
        <Button icon="bolt" busy={test.busy()} onClick={test.start}>{words().test.action}</Button>
        <Show when={mayChange(props.storage)}>
          <Button icon="edit" onClick={() => setChanging(true)}>{words().change}</Button>
          <Show when={props.storage.name !== "local"}><RemoveStorage storage={props.storage} /></Show>
        </Show>
      </PageHead>
      <div class="stack">
        <div role="status"><Show when={test.result()}>{(result) => <Tried result={result()} />}</Show><Show when={test.error()}>{(error) => <Problem error={error()} />}</Show></div>
        <Looks storage={props.storage} />
        <Where storage={props.storage} />
        <Show when={may("administer") && (props.storage.shared || props.storage.user_id === null)}><DefaultStorage name={props.storage.name} /></Show>
        <Show when={mayChange(props.storage)}><Scans storage={props.storage} /></Show>
      </div>
      <Show when={changing()}>
        <Dialog title={words().changeTitle(props.storage.name)} wide onClose={() => setChanging(false)}>
          <StorageForm initial={props.storage} onSaved={saved}><Button look="quiet" onClick={() => setChanging(false)}>{t().form.cancel}</Button></StorageForm>
        </Dialog>
      </Show>
    </>
  );
}

/** Tries a storage that is saved. */
function createStorageTest(id: () => number) {
  const [busy, setBusy] = createSignal(false);
  const [result, setResult] = createSignal<StorageTest>();
  const [error, setError] = createSignal<unknown>();
  const run = async (): Promise<void> => {
    setBusy(true);
    setResult(undefined);
    setError(undefined);
    try {
      setResult(await ask(api.storages[":id"].test.$post({ param: { id: String(id()) }, query: {}, json: {} })));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, result, error, start: () => void run() };
}

function Where(props: { storage: Storage }) {
  const words = () => t().storages;
  const shown = () => Object.entries(props.storage.config).filter(([name, value]) => name !== "type" && value !== "");
  const isMine = (): boolean => { const now = session(); return now.state === "in" && now.user.id === props.storage.user_id; };
  const label = (name: string): string => (words().fields as Record<string, string>)[name] ?? name;
  return (
    <Card title={words().where} aside={<span><Tags storage={props.storage} isDefault={false} /></span>}>
      <Facts>
        <Fact term={words().target} wide><span class="mono">{targetOf(props.storage)}</span></Fact>
        <For each={shown()}>{([name, value]) => <Fact term={label(name)}>{name === "ca" ? words().set : shownValue(value)}</Fact>}</For>
        <For each={props.storage.secret_fields}>{(name) => <Fact term={label(name)}><span class="dim">{words().sealed}</span></Fact>}</For>
        <Fact term={words().whose}>{props.storage.user_id === null ? words().builtIn : isMine() ? words().mine : words().others}</Fact>
        <Fact term={words().copies}>{`${f().number(props.storage.copies.count)} · ${f().bytes(props.storage.copies.bytes)}`}</Fact>
        <Fact term={words().key}>{props.storage.encryption_key_id === null ? words().noKey : <A href="/keys">{words().encrypted}</A>}</Fact>
      </Facts>
    </Card>
  );
}
