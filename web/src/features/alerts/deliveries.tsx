import { A, useSearchParams } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { f } from "../../i18n/use-format.ts";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Pages } from "../../ui/pages.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Said } from "../../ui/said.tsx";
import { Ago, Moment } from "../../ui/time.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { aboutOf, placeOf } from "../shell/notice-place.ts";
import { deliveriesAsked } from "./filters.ts";
import { GROUPS, OUTCOMES } from "./kinds.ts";
import { ICONS, Outcome } from "./looks.tsx";
import { Tabs } from "./tabs.tsx";
import type { Notification } from "./types.ts";
import "../../ui/table.css";
import "./alerts.css";

const PER_PAGE = "25";

/** What each channel was told, and what the other side said to it. What is chosen stands in the address. */
export default function DeliveriesPage() {
  const [params, setParams] = useSearchParams<Record<string, string>>();
  const words = () => t().alerts;
  const query = () => ({ ...deliveriesAsked(params), page: params["page"] ?? "1", per_page: PER_PAGE });
  const data = createData(query, async (asked) => ask(api.notifications.$get({ query: asked })), ["notification", "channel"]);
  const filtered = (): boolean => Object.keys(deliveriesAsked(params)).length > 0;
  const clear = (): void => setParams({ status: undefined, channel_id: undefined, kind: undefined, page: undefined });
  return (
    <>
      <PageHead title={words().deliveries} />
      <Tabs />
      <Filters params={params} onChange={(changed) => setParams({ ...changed, page: undefined })} />
      <div class="card">
        <Loaded of={data} lines={8}>{(value) => (
          <Show when={value().notifications.length > 0} fallback={
            <Show when={filtered()} fallback={<Empty title={words().noDeliveryTitle} text={words().noDeliveryText} />}><Empty title={words().noMatch}><Button onClick={clear}>{words().clear}</Button></Empty></Show>
          }><Table deliveries={value().notifications} again={data.again} /></Show>
        )}</Loaded>
      </div>
      <Show when={data.value()?.pagination}>{(pagination) => <Pages {...pagination()} total={words().deliveriesTotal(pagination().total)} onPage={(page) => setParams({ page: page === 1 ? undefined : String(page) })} />}</Show>
    </>
  );
}

function Filters(props: { params: Readonly<Record<string, string | undefined>>; onChange: (changed: Record<string, string | undefined>) => void }) {
  const words = () => t().alerts;
  const now = () => deliveriesAsked(props.params);
  const channels = createData(() => undefined, async () => (await ask(api.channels.$get({ query: {} }))).channels, ["channel"]);
  const all = () => ({ value: "", label: words().all });
  const chosen = (value: string): string | undefined => (value === "" ? undefined : value);
  return (
    <div class="alert-filters" role="group" aria-label={words().filters}>
      <SelectField name="status" label={words().outcome} value={now().status ?? ""} options={[all(), ...OUTCOMES.map((value) => ({ value, label: words().outcomes[value] }))]} onChange={(status) => props.onChange({ status: chosen(status) })} />
      <SelectField name="channel_id" label={words().channel} value={now().channel_id ?? ""} options={[all(), ...(channels.value() ?? []).map(({ id, name }) => ({ value: String(id), label: name }))]} onChange={(id) => props.onChange({ channel_id: chosen(id) })} />
      <SelectField name="kind" label={words().what} value={now().kind ?? ""} options={[all(), ...kindOptions()]} onChange={(kind) => props.onChange({ kind: chosen(kind) })} />
    </div>
  );
}

/** All kinds in the order in which they belong together. */
export function kindOptions(): { value: string; label: string }[] {
  return Object.values(GROUPS).flat().map((value) => ({ value, label: t().notices.what[value] }));
}

function Table(props: { deliveries: readonly Notification[]; again: () => void }) {
  const words = () => t().alerts;
  return (
    <table class="table deliveries">
      <thead><tr><th scope="col">{words().what}</th><th scope="col">{words().channel}</th><th scope="col">{words().outcome}</th><th scope="col" class="end">{words().when}</th><th scope="col"><span class="hidden">{words().actions}</span></th></tr></thead>
      <tbody><For each={props.deliveries.map(({ id }) => id)}>{(id) => <Show when={props.deliveries.find((each) => each.id === id)}>{(delivery) => <Row delivery={delivery()} again={props.again} />}</Show>}</For></tbody>
    </table>
  );
}

function Row(props: { delivery: Notification; again: () => void }) {
  const words = () => t().alerts;
  const notice = () => ({ storage: null, server: null, service: null, login: null, ...props.delivery.notice });
  const title = () => t().notices.what[props.delivery.notice.kind];
  return (
    <tr>
      <td class="whole deliveries-what"><Show when={placeOf(notice())} fallback={<span class="strong">{title()}</span>}>{(href) => <A href={href()}>{title()}</A>}</Show><p class="dim small wrap">{aboutOf(notice())}</p></td>
      <td data-label={words().channel}><span class="deliveries-channel"><Icon name={ICONS[props.delivery.channel.type]} /><A class="plain-link wrap" href={`/alerts/${props.delivery.channel.id}`}>{props.delivery.channel.name}</A></span></td>
      <td class="whole deliveries-outcome"><Told delivery={props.delivery} /></td>
      <td class="end dim" data-label={words().when}><Moment at={props.delivery.notice.at} /></td>
      <td class="end"><Show when={props.delivery.status === "dead" && may("operate", props.delivery.user_id)}><Retry delivery={props.delivery} again={props.again} /></Show></td>
    </tr>
  );
}

/** What became of it, the other side's own words, and how it goes on. */
function Told(props: { delivery: Notification }) {
  const words = () => t().alerts;
  return (
    <>
      <p class="channel-outcome"><Outcome status={props.delivery.status} />
        <span class="dim small">
          <Show when={props.delivery.attempts > 0}>{words().tries(props.delivery.attempts)}</Show>
          <Show when={(props.delivery.group_size ?? 1) > 1}> · {words().together(f().number(props.delivery.group_size ?? 1))}</Show>
          <Show when={props.delivery.next_try_at}>{(at) => <> · <Ago at={at()} words={words().nextTry} /></>}</Show>
        </span>
      </p>
      <Show when={props.delivery.error} fallback={<Show when={props.delivery.answer}>{(answer) => <p class="small dim wrap" lang="en">{answer()}</p>}</Show>}>
        {(error) => <p class="small wrap"><Said text={error()} /><Show when={props.delivery.answer}>{(answer) => <span class="dim" lang="en"> · {answer()}</span>}</Show></p>}
      </Show>
    </>
  );
}

function Retry(props: { delivery: Notification; again: () => void }) {
  const [busy, setBusy] = createSignal(false);
  const retry = async (): Promise<void> => {
    setBusy(true);
    try {
      await ask(api.notifications[":id"].retry.$post({ param: { id: String(props.delivery.id) }, query: {} }));
      toast("none", t().alerts.retried);
      props.again();
    } catch (error) {
      toast("bad", saidOf(error));
    } finally {
      setBusy(false);
    }
  };
  return <Button icon="restore" busy={busy()} label={t().alerts.retryOf(t().notices.what[props.delivery.notice.kind], props.delivery.channel.name)} onClick={() => void retry()}>{t().alerts.retry}</Button>;
}
