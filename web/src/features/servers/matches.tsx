import { createSignal, createEffect, on, onCleanup, Show } from "solid-js";
import { ApiError } from "../../api/client.ts";
import type { ServerTest } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { LongList } from "../../ui/long-list.tsx";
import { Problem } from "../../ui/problem.tsx";

const QUIET_MS = 700;

type Listed = Extract<ServerTest, { ok: true }>["databases"][number];

/** Which of a server's databases the patterns take: asked for once, then again as they change. `what` says what is asked. */
export function Matches(props: { what: string; ask: () => Promise<ServerTest> }) {
  const [found, setFound] = createSignal<ServerTest>();
  const [error, setError] = createSignal<unknown>();
  const [busy, setBusy] = createSignal(false);
  let newest = 0;
  const look = async (): Promise<void> => {
    const mine = ++newest;
    setBusy(true);
    try {
      const answer = await props.ask();
      if (mine === newest) { setFound(answer); setError(undefined); }
    } catch (thrown) {
      if (mine === newest) { setFound(undefined); setError(thrown); }
    }
    if (mine === newest) setBusy(false);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(on(() => props.what, () => { clearTimeout(timer); if (found() !== undefined || error() !== undefined) timer = setTimeout(() => void look(), QUIET_MS); }, { defer: true }));
  onCleanup(() => { clearTimeout(timer); newest = Infinity; });
  const refused = () => { const answer = found(); return answer === undefined || answer.ok ? undefined : new ApiError(answer.code, answer.error, answer.hint); };
  const databases = (): readonly Listed[] | undefined => { const answer = found(); return answer?.ok === true ? answer.databases.toSorted((a, b) => Number(b.taken) - Number(a.taken)) : undefined; };
  return (
    <div class="stack matches">
      <div class="row"><Button icon="search" busy={busy()} onClick={() => void look()}>{t().servers.look}</Button><span class="dim" role="status">{busy() ? t().servers.looking : databases() === undefined ? "" : outcomeOf(databases() ?? [])}</span></div>
      <Show when={error() ?? refused()}>{(thrown) => <Problem error={thrown()} />}</Show>
      <Show when={databases()}>{(all) => <Show when={all().length > 0}><div class="matches-list"><LongList label={t().servers.databases} items={all()} row_px={38}>{(one) => <Row database={one} />}</LongList></div></Show>}</Show>
    </div>
  );
}

function Row(props: { database: Listed }) {
  return (
    <div class="matches-row">
      <Badge tone={props.database.taken ? "good" : "none"}>{props.database.taken ? t().servers.taken : t().servers.left}</Badge>
      <span class="mono wrap">{props.database.name}</span>
      <span class="dim small">{props.database.left_because === null ? "" : t().servers.because[props.database.left_because]}</span>
      <span class="dim small end">{props.database.size_bytes === null ? "" : f().bytes(props.database.size_bytes)}</span>
    </div>
  );
}

function outcomeOf(databases: readonly Listed[]): string {
  return databases.length === 0 ? t().servers.none : t().servers.outcome(databases.filter(({ taken }) => taken).length, databases.length);
}
