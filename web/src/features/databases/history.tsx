import { A } from "@solidjs/router";
import { createMemo, createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Backup } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty } from "../../ui/problem.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Said } from "../../ui/said.tsx";
import { createProgress } from "../backups/live.ts";
import { StatusBadge } from "../backups/status.tsx";
import { groupsOf } from "./timeline.ts";

const PER_PAGE = 15;

/** The versions of a database on a time line, the newest above; older ones when they are asked for. */
export function History(props: { database_id: number; name: string }) {
  const [pages, setPages] = createSignal(1);
  const data = createData(() => ({ id: props.database_id, pages: pages() }), load, ["backup", "verification", "check"]);
  const groups = createMemo(() => groupsOf(data.value()?.backups ?? [], Date.now()));
  const more = (): boolean => (data.value()?.backups.length ?? 0) < (data.value()?.total ?? 0);
  const live = createProgress();
  return (
    <Card title={t().database.history} aside={<A class="small" href={`/backups?database_id=${props.database_id}`}>{t().databases.allBackups}</A>}>
      <Loaded of={data} lines={6}>{(value) => (
        <Show when={value().total > 0} fallback={<Empty title={t().backups.emptyTitle} text={t().database.historyEmpty} />}>
          <ol class="timeline" aria-label={t().databases.history(props.name)}>
            <For each={groups()}>{(group) => (
              <li class="timeline-group">
                <h3>{group.when.length === 7 ? f().date(group.when) : f().day(group.backups[0]?.created_at ?? group.when)}</h3>
                <ol><For each={group.backups}>{(backup) => <Version backup={backup} month={group.when.length === 7} progress={live(backup.id) ?? backup.progress} />}</For></ol>
              </li>
            )}</For>
          </ol>
          <Show when={more()}><div class="timeline-more"><Button busy={data.loading()} onClick={() => setPages(pages() + 1)}>{t().database.older(value().total - value().backups.length)}</Button></div></Show>
        </Show>
      )}</Loaded>
    </Card>
  );
}

/** All pages so far, so that what comes or goes meanwhile leaves no gap. */
async function load({ id, pages }: { id: number; pages: number }): Promise<{ backups: Backup[]; total: number }> {
  const asked = Array.from({ length: pages }, (_, n) => ask(api.backups.database[":id"].$get({ param: { id: String(id) }, query: { page: String(n + 1), per_page: String(PER_PAGE) } })));
  const answers = await Promise.all(asked);
  return { backups: answers.flatMap(({ backups }) => backups), total: answers[0]?.pagination.total ?? 0 };
}

function Version(props: { backup: Backup; month: boolean; progress: Backup["progress"] }) {
  const words = () => t().database;
  const at = (): string => (props.month ? `${f().day(props.backup.created_at)} ${f().clock(props.backup.created_at)}` : f().clock(props.backup.created_at));
  const damaged = (): boolean => props.backup.integrity.state === "damaged" || props.backup.integrity.state === "missing";
  return (
    <li class={`version version-${props.backup.status}`}>
      <div class="version-line">
        <A href={`/backups/${props.backup.id}`} class="version-at" title={f().exact(props.backup.created_at)}>{at()}</A>
        <StatusBadge status={props.backup.status} />
        <Show when={damaged()}><Badge tone="bad">{t().backups.copyStates[props.backup.integrity.state === "missing" ? "missing" : "damaged"]}</Badge></Show>
        <Show when={props.backup.verified_at}>{(proved) => <span class="shield" role="img" aria-label={t().databases.verified(f().moment(proved()))} title={t().databases.verified(f().moment(proved()))}><Icon name="shieldCheck" /></span>}</Show>
        <Show when={props.backup.pinned}><span class="dim version-pin" role="img" aria-label={words().pinned} title={words().pinned}><Icon name="pin" /></span></Show>
        <Tag title={t().triggerHints[props.backup.trigger]}>{t().triggers[props.backup.trigger]}</Tag>
        <span class="version-size">{props.backup.size === null ? "" : f().bytes(props.backup.size)}<Show when={props.backup.duration_ms}>{(ms) => <span class="dim"> · {f().duration(ms())}</span>}</Show></span>
      </div>
      <Show when={props.backup.status === "running" || props.backup.status === "pending"}><JobProgress begun={props.backup.status === "running"} label={at()} progress={props.progress} /></Show>
      <Show when={props.backup.error_code}>{(code) => <p class="small version-error"><strong>{t().errors.codes[code()]}.</strong> <span class="dim"><Said text={props.backup.error_msg ?? ""} /></span></p>}</Show>
    </li>
  );
}
