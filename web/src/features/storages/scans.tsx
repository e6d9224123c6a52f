import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { ApiError, api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Scan, Storage } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { LongList } from "../../ui/long-list.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";

const EVERY_MS = 1_000;
const TONES = { running: "info", completed: "good", failed: "bad" } as const;

/** Takes up what lies there and the catalog does not know; what became of it. */
export function Scans(props: { storage: Storage }) {
  const words = () => t().storages.scan;
  const [error, setError] = createSignal<unknown>();
  const data = createData(() => String(props.storage.id), async (id) => (await ask(api.storages[":id"].scans.$get({ param: { id }, query: {} }))).scans);
  const newest = (): Scan | undefined => data.value()?.[0];
  const runs = (): boolean => newest()?.status === "running";
  createEffect(() => {
    if (!runs()) return;
    const timer = setInterval(data.again, EVERY_MS); // no event tells how far it is
    onCleanup(() => clearInterval(timer));
  });
  const start = async (): Promise<void> => {
    setError(undefined);
    try {
      await ask(api.storages[":id"].scan.$post({ param: { id: String(props.storage.id) }, query: {}, json: {} }));
    } catch (thrown) {
      setError(thrown);
    }
    data.again();
  };
  return (
    <Card title={words().title} aside={<Button icon="search" busy={runs()} onClick={() => void start()}>{words().action}</Button>}>
      <div class="stack">
        <p class="dim">{words().text}</p>
        <Show when={error()}>{(thrown) => <Problem error={thrown()} />}</Show>
        <div role="status"><Show when={newest()}>{(scan) => <Report scan={scan()} />}</Show></div>
      </div>
    </Card>
  );
}

function Report(props: { scan: Scan }) {
  const words = () => t().storages.scan;
  const failure = () => (props.scan.error_code === null ? undefined : new ApiError(props.scan.error_code, props.scan.error_msg ?? "", props.scan.error_hint ?? undefined));
  return (
    <div class="stack">
      <p class="row report"><Badge tone={TONES[props.scan.status]}>{words().states[props.scan.status]}</Badge><span class="dim"><Ago at={props.scan.finished_at ?? props.scan.updated_at} /></span></p>
      <Show when={props.scan.artifacts > 0} fallback={<p class="dim">{props.scan.status === "completed" ? words().nothing : ""}</p>}><p>{words().found(f().number(props.scan.artifacts), f().number(props.scan.known), f().number(props.scan.adopted.backups), f().number(props.scan.adopted.copies), f().number(props.scan.adopted.databases))}</p></Show>
      <Show when={failure()}>{(error) => <Problem error={error()} />}</Show>
      <Show when={props.scan.problems.length > 0}>
        <p class="strong">{words().leftOut(f().number(props.scan.left_out))}</p>
        <LongList label={words().problems} items={props.scan.problems} row_px={44}>{({ key, problem }) => <p class="small wrap"><span class="mono">{key}</span><br /><span class="dim" lang="en">{problem}</span></p>}</LongList>
      </Show>
    </div>
  );
}
