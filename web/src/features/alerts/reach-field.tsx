import { createMemo, createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Choice, TextField } from "../../ui/field.tsx";
import type { Form } from "../../ui/form.ts";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { may } from "../session/rights.ts";
import { session } from "../session/session.ts";
import { listOf, withPart, type ChannelValues } from "./config.ts";

const REACHES = ["own", "chosen", "all"] as const;
export type Reach = (typeof REACHES)[number];
/** More than that are searched. */
const FEW = 8;

/** Of whose databases it is told, or of which. */
export function ReachField(props: { form: Form<ChannelValues>; owner_id: number | null | undefined }) {
  const words = () => t().alerts;
  const reach = () => props.form.values().reach as Reach;
  const open = () => REACHES.filter((each) => each !== "all" || may("operate", null) || reach() === "all");
  const databases = createData(() => undefined, async () => (await ask(api.databases.$get({ query: {} }))).databases, ["database"]);
  return (
    <div class="stack">
      <Choice label={words().of} value={reach()} options={open().map((value) => ({ value, label: words().reaches[value] }))} onChange={(value) => props.form.set("reach", value)} />
      <p class="dim small">{words().reachHints[reach()]}</p>
      <Show when={reach() === "chosen"}><Loaded of={databases} lines={3}>{(all) => <Databases {...props} databases={all()} />}</Loaded></Show>
    </div>
  );
}

function Databases(props: { form: Form<ChannelValues>; owner_id: number | null | undefined; databases: readonly Database[] }) {
  const words = () => t().alerts;
  const now = session();
  const owner_id = (): number | null => props.owner_id ?? (now.state === "in" ? now.user.id : null);
  const choose = (id: number, there: boolean): void => {
    const chosen = withPart(ids(), String(id), there);
    props.form.set("database_ids", chosen);
    props.form.set("others", props.databases.some((each) => each.user_id !== owner_id() && listOf(chosen).includes(String(each.id))) ? "true" : "");
  };
  const [search, setSearch] = createSignal("");
  const ids = () => props.form.values().database_ids;
  const found = createMemo(() => props.databases.filter(({ name }) => name.toLowerCase().includes(search().trim().toLowerCase())));
  return (
    <fieldset class="reach-databases">
      <legend class="hidden">{words().which}</legend>
      <Show when={props.databases.length > FEW}><TextField name="search" type="search" label={words().search} value={search()} onInput={setSearch} /></Show>
      <Show when={props.form.field("database_ids").error}>{(text) => <p class="field-error"><Icon name="alert" size={14} />{text()}</p>}</Show>
      <div class="reach-list">
        <For each={found()} fallback={<p class="dim small">{words().noDatabase}</p>}>{(database) => (
          <label class="kind-line">
            <input type="checkbox" name="database_ids" checked={listOf(ids()).includes(String(database.id))} onChange={(event) => choose(database.id, event.currentTarget.checked)} />
            <span class="wrap">{database.name} <span class="dim small">{t().engines[database.type]} · {database.host}</span></span>
          </label>
        )}</For>
      </div>
    </fieldset>
  );
}
