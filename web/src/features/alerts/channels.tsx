import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { scope } from "../../api/scope.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Tag } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Said } from "../../ui/said.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Ago } from "../../ui/time.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { presetOf } from "./kinds.ts";
import { Outcome, TypeIcon } from "./looks.tsx";
import { ChannelMenu, mayChange } from "./menu.tsx";
import { Tabs } from "./tabs.tsx";
import { createTest, Tested } from "./tested.tsx";
import type { Channel } from "./types.ts";
import "./alerts.css";

/** Who is told of what, and whether the last message got there. */
export default function ChannelsPage() {
  const data = createData(() => undefined, async () => (await ask(api.channels.$get({ query: {} }))).channels, ["channel", "notification"]);
  const words = () => t().alerts;
  return (
    <>
      <PageHead title={words().title}><Show when={may("manage")}><ButtonLink href="/alerts/new" look="main" icon="plus">{words().add}</ButtonLink></Show></PageHead>
      <Tabs />
      <Loaded of={data}>{(channels) => (
        <Show when={channels().length > 0} fallback={<Nobody />}>
          <Show when={channels().every(({ enabled }) => !enabled)}><p class="alert-warning"><Icon name="alert" />{words().allPaused}</p></Show>
          <ul class="card channels">
            {/* By id: an answer that stands in a row stays when newer data comes. */}
            <For each={channels().map(({ id }) => id)}>{(id) => <Show when={channels().find((each) => each.id === id)}>{(channel) => <Row channel={channel()} again={data.again} />}</Show>}</For>
          </ul>
        </Show>
      )}</Loaded>
    </>
  );
}

/** Nothing is worse than a failure that nobody hears of. */
function Nobody() {
  const words = () => t().alerts;
  return (
    <section class="card nobody">
      <span class="nobody-icon"><Icon name="bell" size={26} /></span>
      <div class="nobody-text"><p class="empty-title">{words().nobodyTitle}</p><p class="dim">{words().nobodyText}</p></div>
      <Show when={may("manage")}><ButtonLink href="/alerts/new" look="main" icon="plus">{words().add}</ButtonLink></Show>
    </section>
  );
}

function Row(props: { channel: Channel; again: () => void }) {
  const words = () => t().alerts;
  const test = createTest(() => ask(api.channels[":id"].test.$post({ param: { id: String(props.channel.id) }, query: {} })));
  return (
    <li class="channel" classList={{ "channel-off": !props.channel.enabled }}>
      <TypeIcon type={props.channel.type} />
      <div class="channel-name">
        <p><A href={`/alerts/${props.channel.id}`} class="channel-link wrap">{props.channel.name}</A> <Tag>{words().types[props.channel.type].name}</Tag> <Show when={!props.channel.enabled}><Tag>{words().paused}</Tag></Show></p>
        <p class="dim small wrap">{props.channel.target}</p>
        <Show when={props.channel.source === "configuration"}><p class="dim small channel-fixed"><Icon name="gear" size={14} />{words().configured}</p></Show>
        <Show when={scope() === "all" && props.channel.user_email}>{(email) => <p class="dim small wrap">{words().owner(email())}</p>}</Show>
      </div>
      <div class="channel-told"><p>{toldOf(props.channel)}</p><p class="dim small">{whoseOf(props.channel)} · {words().languages[props.channel.language]}</p></div>
      <Last channel={props.channel} />
      <div class="channel-actions">
        <PauseSwitch channel={props.channel} again={props.again} />
        <Show when={may("operate", props.channel.user_id)}><Button icon="send" busy={test.busy()} label={words().test.of(props.channel.name)} onClick={test.start}>{words().test.action}</Button></Show>
        <ChannelMenu channel={props.channel} onDeleted={props.again} />
      </div>
      <Tested test={test} />
    </li>
  );
}

function toldOf({ events }: Pick<Channel, "events">): string {
  const preset = presetOf(events);
  const [only] = events;
  return preset !== undefined ? t().alerts.presets[preset].name : events.length === 1 && only !== undefined ? t().notices.what[only] : t().alerts.kinds(events.length);
}

function whoseOf({ database_ids, all_users }: Pick<Channel, "database_ids" | "all_users">): string {
  return database_ids !== null ? t().alerts.databases(database_ids.length) : t().alerts.reaches[all_users ? "all" : "own"];
}

/** What became of the last thing that it was told. */
function Last(props: { channel: Channel }) {
  const words = () => t().alerts;
  return (
    <div class="channel-last">
      <Show when={props.channel.newest} fallback={<span class="dim">{words().toldNothing}</span>}>{(newest) => (
        <>
          <p class="channel-outcome"><Outcome status={newest().status} /> <span class="dim small"><Ago at={newest().last_tried_at ?? newest().created_at} /></span></p>
          <p class="dim small wrap">{newest().status === "delivered" ? t().notices.what[newest().notice.kind] : <Said text={newest().error ?? t().notices.what[newest().notice.kind]} />}</p>
        </>
      )}</Show>
    </div>
  );
}

function PauseSwitch(props: { channel: Channel; again: () => void }) {
  const words = () => t().alerts;
  const [busy, setBusy] = createSignal(false);
  const set = async (enabled: boolean): Promise<void> => {
    setBusy(true);
    try {
      await ask(api.channels[":id"].$put({ param: { id: String(props.channel.id) }, query: {}, json: { enabled } }));
      toast("none", enabled ? words().resumed(props.channel.name) : words().stopped(props.channel.name));
      props.again();
    } catch (error) {
      toast("bad", saidOf(error));
    } finally {
      setBusy(false);
    }
  };
  return <Switch label={words().enabled(props.channel.name)} on={props.channel.enabled} busy={busy()} disabled={!mayChange(props.channel)} onChange={(on) => { if (!busy()) void set(on); }} />;
}
