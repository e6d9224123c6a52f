import { createSignal, For, Show } from "solid-js";
import { createData } from "../../api/data.ts";
import type { Key } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty } from "../../ui/problem.tsx";
import { may } from "../session/rights.ts";
import { KeyForm } from "./key-form.tsx";
import { KeyCard } from "./key-card.tsx";
import { TakeIdentity } from "./take-identity.tsx";
import { loadKeys } from "./use.ts";
import "./keys.css";

/** The keys that backups are encrypted with: where each is, what it is used for, and what is lost with it. */
export default function KeysPage() {
  const data = createData(() => undefined, loadKeys, ["database", "storage", "server"]);
  const [adding, setAdding] = createSignal(false);
  const [taking, setTaking] = createSignal<Key>();
  const saved = (key: Key): void => {
    setAdding(false);
    data.again();
    if (key.identity_kept) setTaking(key); // a key that only SafeBase has is lost with it
  };
  const add = () => <Button look="main" icon="plus" onClick={() => setAdding(true)}>{t().keys.new}</Button>;
  return (
    <>
      <PageHead title={t().keys.title}><Show when={may("manage")}>{add()}</Show></PageHead>
      <p class="keys-lead"><Icon name="key" size={18} /><span>{t().keys.lead}</span></p>
      <Loaded of={data}>{(rows) => (
        <Show when={rows().length > 0} fallback={<div class="card"><Empty title={t().keys.emptyTitle} text={t().keys.emptyText}><Show when={may("manage")}>{add()}</Show></Empty></div>}>
          <ul class="stack"><For each={rows()}>{({ key, use }) => <li><KeyCard of={key} use={use} again={data.again} onTake={() => setTaking(key)} /></li>}</For></ul>
        </Show>
      )}</Loaded>
      <Show when={adding()}><Dialog title={t().keys.newTitle} wide onClose={() => setAdding(false)}><KeyForm onSaved={saved} onClose={() => setAdding(false)} /></Dialog></Show>
      <Show when={taking()}>{(key) => <TakeIdentity of={key()} onClose={() => { setTaking(undefined); data.again(); }} />}</Show>
    </>
  );
}
