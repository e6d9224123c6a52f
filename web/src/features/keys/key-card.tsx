import { A } from "@solidjs/router";
import { For, Show, type JSX } from "solid-js";
import type { Key } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { Fact, Facts } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Ago } from "../../ui/time.tsx";
import { KeyActions } from "./key-actions.tsx";
import type { Use } from "./use.ts";

/** One key. */
export function KeyCard(props: { of: Key; use: Use; again: () => void; onTake: () => void }) {
  const words = () => t().keys;
  return (
    <section class="card key" aria-label={props.of.name}>
      <header class="key-head">
        <h2 class="wrap">{props.of.name}</h2>
        <Badge tone={props.of.identity_kept ? "good" : "info"}>{props.of.identity_kept ? words().kept : words().away}</Badge>
        <Show when={props.of.retired_at}><Tag title={words().retiredHint}>{words().retired}</Tag></Show>
      </header>
      <Show when={props.of.identity_kept && props.of.identity_given_at === null}><p class="key-warn"><Icon name="alert" />{words().notTaken}</p></Show>
      <p class="dim">{props.of.identity_kept ? words().keptText : words().awayText}</p>
      <Facts>
        <Fact term={words().usedBy}><Users use={props.use} /></Fact>
        <Fact term={words().made}><Ago at={props.of.created_at} /></Fact>
        <Fact term={words().taken}><Show when={props.of.identity_given_at} fallback={<span class="dim">{words().never}</span>}>{(at) => <Ago at={at()} />}</Show></Fact>
      </Facts>
      <CopyText label={words().recipient} text={props.of.recipient} />
      <KeyActions of={props.of} use={props.use} again={props.again} onTake={props.onTake} />
    </section>
  );
}

function Users(props: { use: Use }) {
  const links = (): JSX.Element[] => [
    ...props.use.databases.map(({ id, name }) => <A href={`/databases/${id}`}>{name}</A>), ...props.use.storages.map(({ id, name }) => <A href={`/storages/${id}`}>{name}</A>), ...props.use.servers.map(({ name }) => <span>{name}</span>),
  ];
  return <Show when={links().length > 0} fallback={<span class="dim">{t().keys.unused}</span>}><ul class="key-users"><For each={links()}>{(link) => <li>{link}</li>}</For></ul></Show>;
}
