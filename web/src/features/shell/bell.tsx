import { A } from "@solidjs/router";
import { createSignal, For, onMount, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { onEvent } from "../../api/events.ts";
import { scope } from "../../api/scope.ts";
import type { Notice } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import type { Tone } from "../../ui/badge.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Popover } from "../../ui/popover.tsx";
import { Ago } from "../../ui/time.tsx";
import { showUnread, unread } from "../../ui/title.ts";
import { toast } from "../../ui/toasts.tsx";
import { aboutOf, placeOf } from "./notice-place.ts";
import "./bell.css";

const SHOWN = "20";
const TONES: Record<Notice["severity"], Tone> = { info: "good", warning: "warn", critical: "bad" };

/** What happened, as it happens, and how much of it is new. Opened, it is seen. */
export function Bell() {
  const [open, setOpen] = createSignal(false);
  const count = createData(scope, async () => (await ask(api.notices.unread.$get({ query: {} }))).unread, ["notice", "notices_seen"]);
  onEvent("notice", (data) => { if (!open()) tell(data as Notice); });
  const shown = (): string => { const now = count.value() ?? 0; showUnread(now); return now === 0 ? "" : now > 99 ? "99+" : String(now); };
  return (
    <Popover label={t().notices.bell(unread())} opener_class="bell" panel_class="bell-panel" onOpen={setOpen}
      opener={<><Icon name="bell" size={20} /><Show when={shown()}>{(text) => <span class="bell-count" aria-hidden="true">{text()}</span>}</Show></>}>
      {(close) => <Newest close={close} />}
    </Popover>
  );
}

function Newest(props: { close: () => void }) {
  const data = createData(scope, async () => {
    const { notices } = await ask(api.notices.$get({ query: { per_page: SHOWN } }));
    if (notices[0] !== undefined) await ask(api.notices.seen.$put({ query: {}, json: { until: notices[0].at } }));
    return notices;
  }, ["notice"]);
  let heading: HTMLHeadingElement | undefined;
  onMount(() => heading?.focus());
  return (
    <section class="bell-list">
      <header class="row"><h2 tabindex="-1" ref={(element) => { heading = element; }}>{t().notices.title}</h2><A href="/alerts/history" class="small" onClick={() => props.close()}>{t().notices.all}</A></header>
      <Loaded of={data} lines={4}>{(notices) => (
        <Show when={notices().length > 0} fallback={<p class="quiet dim">{t().notices.none}</p>}>
          <ul><For each={notices()}>{(notice) => <Line notice={notice} close={props.close} />}</For></ul>
        </Show>
      )}</Loaded>
    </section>
  );
}

function Line(props: { notice: Notice; close: () => void }) {
  const place = () => placeOf(props.notice);
  const inside = (
    <>
      <span class={`bell-dot tone-${TONES[props.notice.severity]}`}><Icon name={props.notice.severity === "info" ? "check" : "alert"} size={14} /></span>
      <span class="bell-text"><span class="wrap">{t().notices.what[props.notice.kind]}</span><span class="dim small wrap">{aboutOf(props.notice)}</span></span>
      <span class="dim small bell-when"><Ago at={props.notice.at} /></span>
    </>
  );
  return <li><Show when={place()} fallback={<div class="bell-line">{inside}</div>}>{(href) => <A href={href()} class="bell-line" onClick={() => props.close()}>{inside}</A>}</Show></li>;
}

/** Alarms come up wherever the reader is; that a backup failed or ended is told by the page itself. */
function tell(notice: Notice): void {
  if (notice.severity === "info" || notice.kind === "backup_failed") return;
  const about = aboutOf(notice);
  toast(TONES[notice.severity], `${t().notices.what[notice.kind]}${about === "" ? "" : ` · ${about}`}`);
}
