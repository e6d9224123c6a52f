import { A } from "@solidjs/router";
import { createMemo, For, Show, type JSX } from "solid-js";
import type { Dashboard } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Said } from "../../ui/said.tsx";
import { Ago } from "../../ui/time.tsx";
import { durationWords } from "../schedules/duration.ts";
import { OwnerTag } from "./owner-tag.tsx";
import { subjectHref, type Attention as Item } from "./links.ts";
import { NextAction } from "./next-action.tsx";

/** What somebody should look at, the worst first, each with what to do next. */
export function Attention(props: { attention: Dashboard["attention"]; running: Dashboard["running"] }) {
  const items = createMemo(() => new Map(props.attention.items.map((item) => [item.id, item])));
  const ids = createMemo(() => [...items().keys()], [], { equals: (one, other) => one.length === other.length && one.every((id, index) => id === other[index]) });
  const running = createMemo(() => new Set(props.running.jobs.filter(({ kind }) => kind === "backup").flatMap(({ database }) => (database === null ? [] : [database.id]))));
  const more = (): number => props.attention.total - props.attention.items.length;
  return (
    <Show when={ids().length > 0}>
      <Card title={t().dashboard.attention} flush aside={<Tag>{f().number(props.attention.total)}</Tag>}>
        <ul class="attention">
          <For each={ids()}>{(id) => <Show when={items().get(id)}>{(item) => <Row item={item()} running={running()} />}</Show>}</For>
        </ul>
        <Show when={more() > 0}><p class="quiet dim">{t().dashboard.more(more())}</p></Show>
      </Card>
    </Show>
  );
}

function Row(props: { item: Item; running: ReadonlySet<number> }) {
  return (
    <li class={`tone-${props.item.severity === "critical" ? "bad" : "warn"}`}>
      <span class="attention-mark"><Icon name={props.item.severity === "critical" ? "alert" : "info"} size={16} /></span>
      <div class="attention-text">
        <p class="wrap"><Subject item={props.item} /><span class="attention-what">{t().attention.what[props.item.kind](props.item.count ?? 0)}</span><OwnerTag owner={props.item.owner} /></p>
        <p class="small dim wrap"><Details item={props.item} /></p>
      </div>
      <NextAction item={props.item} running={props.running} />
    </li>
  );
}

function Subject(props: { item: Item }) {
  return <Show when={subjectHref(props.item)} fallback={<span class="strong">{nameOf(props.item)} </span>}>{(href) => <><A href={href()} class="attention-name">{nameOf(props.item)}</A>{" "}</>}</Show>;
}

function nameOf({ kind, database, storage, channel, executor }: Item): string {
  const words = t().attention.subjects;
  if (database !== null) return database.name;
  if (storage !== null) return words.storage(storage.name);
  if (channel !== null) return words.channel(channel.name);
  if (executor !== null) return executor.id ?? words.group(executor.group ?? "");
  return kind === "scheduler_lost" ? words.scheduler : kind === "notifier_lost" ? words.notifier : kind === "schedules_paused" ? words.schedules : words.catalog;
}

/** Of these the age of the backup says more than since when it is so. */
const HELD: ReadonlySet<Item["kind"]> = new Set(["objective_missed", "objective_at_risk"]);

/** Since when, why, and what it is held to. */
function Details(props: { item: Item }) {
  const parts = (): JSX.Element[] => {
    const { item } = props;
    const words = t().attention;
    const hint = words.hints[item.kind];
    return [
      ...(item.since === null || HELD.has(item.kind) ? [] : [<Ago at={item.since} />]),
      ...(item.error_code === null && item.error_msg === null ? [] : [<>{item.error_code === null ? "" : `${t().errors.codes[item.error_code]}${t().app.colon}`}<Show when={item.error_msg}>{(text) => <Said text={text()} />}</Show></>]),
      ...(item.database !== null && item.newest_at !== null ? [<>{words.newest(f().ago(item.newest_at))}</>] : []),
      ...(item.limit_s === null || item.kind === "unplanned" ? [] : [<>{words.limit(durationWords(item.limit_s))}</>]),
      ...(item.used_percent === null ? [] : [<>{words.used(f().percent(item.used_percent / 100))}</>]), ...(hint === undefined ? [] : [<>{hint}</>]),
    ];
  };
  return <For each={parts()}>{(part, index) => <>{index() === 0 ? "" : " · "}{part}</>}</For>;
}
