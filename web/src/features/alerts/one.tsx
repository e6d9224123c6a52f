import { A, useNavigate, useParams } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { api, ApiError, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { scope, setScope } from "../../api/scope.ts";
import { t } from "../../i18n/i18n.ts";
import { Tag } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, Fact, Facts, PageHead } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may, seesAll } from "../session/rights.ts";
import { ChannelForm } from "./channel-form.tsx";
import { DeleteChannel, mayChange } from "./menu.tsx";
import { createTest, Tested } from "./tested.tsx";
import type { OneChannel } from "./types.ts";
import "./alerts.css";

/** One channel: to change where it may be, to look at where not. */
export default function ChannelPage() {
  const params = useParams();
  return <For each={[params["id"] ?? ""]}>{(id) => <One id={id} />}</For>;
}

function One(props: { id: string }) {
  const data = createData(() => props.id, async (id) => (await ask(api.channels[":id"].$get({ param: { id }, query: {} }))).channel);
  const missing = (): boolean => { const error = data.error(); return error instanceof ApiError && (error.code === "not_found" || error.code === "bad_request"); };
  return (
    <Show when={!missing()} fallback={<Missing />}>
      <Loaded of={data} lines={8}>{(channel) => <Show when={mayChange(channel())} fallback={<Look channel={channel()} />}><Change channel={channel()} /></Show>}</Loaded>
    </Show>
  );
}

/** Gone, never there, or somebody else's: nobody can tell. */
function Missing() {
  const words = () => t().alerts;
  return (
    <>
      <PageHead title={words().missingTitle} above={<A href="/alerts" class="small">{words().title}</A>} />
      <div class="card"><Empty title={words().missingText}>
        <Show when={seesAll() && scope() === "own"}><Button onClick={() => setScope("all")}>{t().database.showAll}</Button></Show>
        <ButtonLink href="/alerts" look="main">{words().toChannels}</ButtonLink>
      </Empty></div>
    </>
  );
}

function Above(props: { channel: OneChannel }) {
  return <span class="small"><A href="/alerts">{t().alerts.title}</A> <Show when={!props.channel.enabled}><Tag>{t().alerts.paused}</Tag></Show></span>;
}

function Change(props: { channel: OneChannel }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = createSignal(false);
  return (
    <>
      <PageHead title={props.channel.name} above={<Above channel={props.channel} />}>
        <ButtonLink icon="list" href={`/alerts/deliveries?channel_id=${props.channel.id}`}>{t().alerts.itsDeliveries}</ButtonLink>
        <Button icon="trash" onClick={() => setDeleting(true)}>{t().alerts.remove.action}</Button>
      </PageHead>
      <ChannelForm initial={props.channel} onSaved={({ channel }) => { toast("good", t().alerts.saved(channel.name)); navigate("/alerts"); }}><ButtonLink href="/alerts" look="quiet">{t().form.cancel}</ButtonLink></ChannelForm>
      <Show when={deleting()}><DeleteChannel channel={props.channel} onClose={() => setDeleting(false)} onDone={() => navigate("/alerts")} /></Show>
    </>
  );
}

/** What the configuration says, or what belongs to somebody else. */
function Look(props: { channel: OneChannel }) {
  const words = () => t().alerts;
  const test = createTest(() => ask(api.channels[":id"].test.$post({ param: { id: String(props.channel.id) }, query: {} })));
  return (
    <>
      <PageHead title={props.channel.name} above={<Above channel={props.channel} />}>
        <ButtonLink icon="list" href={`/alerts/deliveries?channel_id=${props.channel.id}`}>{words().itsDeliveries}</ButtonLink>
        <Show when={may("operate", props.channel.user_id)}><Button icon="send" busy={test.busy()} onClick={test.start}>{words().test.action}</Button></Show>
      </PageHead>
      <div class="stack">
        <p class="alert-note"><Icon name="info" />{props.channel.source === "configuration" ? words().configuredText(props.channel.name) : words().othersText}</p>
        <Tested test={test} />
        <Card title={words().where}>
          <Facts>
            <Fact term={words().type}>{words().types[props.channel.type].name}</Fact>
            <Fact term={words().target} wide>{props.channel.target}</Fact>
            <Fact term={words().of}>{props.channel.database_ids !== null ? words().databases(props.channel.database_ids.length) : words().reaches[props.channel.all_users ? "all" : "own"]}</Fact>
            <Fact term={words().language}>{t().languages[props.channel.language]}</Fact>
            <Fact term={words().group}>{props.channel.group_s}</Fact>
          </Facts>
        </Card>
        <Card title={words().told}><ul class="kinds-list"><For each={props.channel.events}>{(kind) => <li><Tag>{t().notices.what[kind]}</Tag></li>}</For></ul></Card>
      </div>
    </>
  );
}
