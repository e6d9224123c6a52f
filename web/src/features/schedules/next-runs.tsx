import { For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Icon } from "../../ui/icon.tsx";
import { cronWords } from "./cron-words.ts";
import type { Preview } from "./preview.ts";

/** An expression in words, its next times, and what changes of the clocks do to them. */
export function NextRuns(props: { cron: string; preview: Preview }) {
  const kindOf = (at: string) => props.preview.value()?.clock_changes.find((change) => change.at === at)?.kind;
  const later = () => props.preview.value()?.clock_changes.filter(({ at }) => props.preview.value()?.next_runs.includes(at) !== true) ?? [];
  return (
    <div class="next-runs" classList={{ "next-runs-waiting": props.preview.value() === undefined }}>
      <p class="next-runs-words" role="status"><Icon name="clock" />{cronWords(props.cron)}</p>
      <Show when={props.preview.value()}>{(preview) => (
        <>
          <p class="dim small">{t().cron.next}</p>
          <ol><For each={preview().next_runs}>{(at) => <li><time datetime={at}>{f().zoned(at, preview().timezone)}</time><Show when={kindOf(at)}>{(kind) => <span class="next-runs-change">{t().cron[kind()]}</span>}</Show></li>}</For></ol>
          <Show when={later().length > 0}>
            <p class="dim small">{t().cron.changes}</p>
            <ul><For each={later()}>{({ at, kind }) => <li><time datetime={at}>{f().zoned(at, preview().timezone)}</time><span class="next-runs-change">{t().cron[kind]}</span></li>}</For></ul>
          </Show>
        </>
      )}</Show>
    </div>
  );
}
