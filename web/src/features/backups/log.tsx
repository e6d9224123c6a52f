import { Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { LogLine } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { LongList } from "../../ui/long-list.tsx";
import { Said } from "../../ui/said.tsx";
import { figuresOf, sentenceOf, toneOf } from "./log-words.ts";

/** What happened to a backup and to everything that was done with it. */
export function Log(props: { backup_id: number }) {
  const data = createData(() => String(props.backup_id), async (id) => (await ask(api.backups[":id"].log.$get({ param: { id }, query: {} }))).log, ["backup", "verification", "check", "restore"]);
  return (
    <Card title={t().log.title} flush>
      <Loaded of={data} lines={4}>{(log) => (
        <Show when={log().length > 0} fallback={<p class="note dim">{t().log.empty}</p>}>
          <LongList label={t().log.title} items={log()} row_px={33}>{(line) => <Line line={line} />}</LongList>
        </Show>
      )}</Loaded>
    </Card>
  );
}

function Line(props: { line: LogLine }) {
  return (
    <div class="log-line">
      <time class="dim mono nowrap" datetime={props.line.at} title={f().exact(props.line.at)}>{f().precise(props.line.at)}</time>
      <span class="log-kind"><Show when={props.line.kind}>{(kind) => <Tag>{t().log.kinds[kind()]}</Tag>}</Show></span>
      <span class="wrap">
        <span class={`log-text tone-${toneOf(props.line)}`}>{sentenceOf(props.line)}</span>
        <Show when={figuresOf(props.line)}>{(text) => <span class="dim"> · {text()}</span>}</Show>
        <Show when={props.line.detail.message}>{(text) => <span class="dim"> · <Said text={text()} /></span>}</Show>
        <Show when={props.line.detail.hint}>{(text) => <span class="dim"> (<Said text={text()} />)</span>}</Show>
      </span>
    </div>
  );
}
