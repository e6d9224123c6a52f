import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Storage } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { may } from "../session/rights.ts";
import { presetOf } from "./config.ts";
import { Space, StandBadge } from "./stand.tsx";
import "../../ui/table.css";
import "./storages.css";

/** Where backups lie, how full it is there, and whether it is reached. */
export default function StoragesPage() {
  const data = createData(() => undefined, load, ["storage", "notice"]);
  return (
    <>
      <PageHead title={t().storages.title}><Show when={may("manage")}><ButtonLink href="/storages/new" look="main" icon="plus">{t().storages.new}</ButtonLink></Show></PageHead>
      <Loaded of={data}>{(value) => (
        <>
          <div class="card"><Rows storages={value().storages} defaults={value().defaults} /></div>
          <Show when={value().storages.length === 1}><p class="storages-advice dim"><Icon name="info" />{t().storages.oneOnly}</p></Show>
        </>
      )}</Loaded>
    </>
  );
}

/** Only admins may see what the installation says. */
async function load() {
  const [{ storages }, defaults] = await Promise.all([ask(api.storages.$get({ query: {} })), may("administer") ? ask(api.settings.$get({ query: {} })).then(({ settings }) => settings.default_storages) : []]);
  return { storages, defaults };
}

function Rows(props: { storages: readonly Storage[]; defaults: readonly string[] }) {
  const words = () => t().storages;
  return (
    <table class="table storages">
      <thead><tr><th scope="col">{words().name}</th><th scope="col">{words().state}</th><th scope="col">{words().space}</th><th scope="col">{words().copies}</th></tr></thead>
      <tbody>
        <For each={props.storages}>{(storage) => (
          <tr>
            <td class="whole">
              <A href={`/storages/${storage.id}`} class="wrap">{storage.name}</A><Tags storage={storage} isDefault={props.defaults.includes(storage.name)} />
              <p class="dim small wrap mono">{targetOf(storage)}</p>
            </td>
            <td data-label={words().state}><StandBadge status={storage.status} /></td>
            <td data-label={words().space}><Space status={storage.status} label={`${words().space}: ${storage.name}`} /></td>
            <td data-label={words().copies}>{f().number(storage.copies.count)}<Show when={storage.copies.count > 0}><span class="dim small"> · {f().bytes(storage.copies.bytes)}</span></Show></td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}

/** Where it leads, in short; of our own folder the API has no address to tell. */
export function targetOf({ name, target }: Pick<Storage, "name" | "target">): string {
  return name === "local" ? t().storages.ownFolder : target;
}

/** What kind it is, and whose. */
export function Tags(props: { storage: Storage; isDefault: boolean }) {
  return (
    <>
      <Tag>{t().storages.presets[presetOf(props.storage)].name}</Tag>
      <Show when={props.isDefault}><Tag title={t().storages.defaultHint}>{t().storages.default}</Tag></Show>
      <Show when={props.storage.shared && props.storage.name !== "local"}><Tag title={t().storages.sharedHint}>{t().storages.common}</Tag></Show>
    </>
  );
}
