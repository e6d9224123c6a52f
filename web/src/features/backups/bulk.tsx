import { createSignal, For, Match, Show, Switch } from "solid-js";
import type { Backup } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import type { IconName } from "../../ui/icon.tsx";
import { Said } from "../../ui/said.tsx";
import { may } from "../session/rights.ts";
import { check, pin, remove, verify } from "./actions.ts";
import type { Selection } from "./selection.ts";

const ACTIONS = [
  { name: "pin", icon: "pin", act: (id: number) => pin(id, true) }, { name: "unpin", icon: "pin", act: (id: number) => pin(id, false) },
  { name: "check", icon: "search", act: check }, { name: "verify", icon: "shieldCheck", act: (id: number) => verify(id) }, { name: "remove", icon: "trash", act: remove },
] as const satisfies readonly { name: string; icon: IconName; act: (id: number) => Promise<void> }[];
type Action = (typeof ACTIONS)[number];

/** What can be done with all that is selected. */
export function Bulk(props: { selection: Selection }) {
  const [asked, setAsked] = createSignal<Action>();
  const chosen = () => props.selection.chosen();
  const allowed = (action: Action): boolean => chosen().every(({ user_id }) => may(action.name === "remove" ? "manage" : "operate", user_id));
  return (
    <Show when={chosen().length > 0}>
      <div class="bulk" role="region" aria-label={t().backups.selection}>
        <span class="strong" role="status">{t().backups.selected(chosen().length)}</span>
        <For each={ACTIONS}>{(action) => <Show when={allowed(action)}><Button icon={action.icon} look={action.name === "remove" ? "danger" : "plain"} onClick={() => setAsked(action)}>{t().backups.bulk[action.name].button}</Button></Show>}</For>
        <Button look="quiet" icon="cross" onClick={props.selection.clear}>{t().backups.unselect}</Button>
      </div>
      <Show when={asked()}>{(action) => <BulkDialog action={action()} backups={chosen()} onClose={(done) => { setAsked(undefined); if (done) props.selection.clear(); }} />}</Show>
    </Show>
  );
}

type Result = "waiting" | "busy" | "done" | { readonly error: string };

/** Asks once, then does it one by one, and tells how each went. */
function BulkDialog(props: { action: Action; backups: readonly Backup[]; onClose: (done: boolean) => void }) {
  const meant = props.backups; // what was confirmed, whatever is selected meanwhile
  const words = () => t().backups.bulk[props.action.name];
  const [results, setResults] = createSignal<readonly Result[]>(meant.map(() => "waiting"));
  const [state, setState] = createSignal<"asking" | "working" | "over">("asking");
  const note = (index: number, result: Result) => setResults((all) => all.map((each, at) => (at === index ? result : each)));
  const failed = (): number => results().filter((result) => typeof result === "object").length;
  let stopped = false;
  const run = async (): Promise<void> => {
    setState("working");
    for (const [index, { id }] of meant.entries()) {
      if (stopped) return;
      note(index, "busy");
      await props.action.act(id).then(() => note(index, "done"), (error: unknown) => note(index, { error: error instanceof Error ? error.message : String(error) }));
    }
    setState("over");
  };
  const close = (): void => { stopped = true; props.onClose(state() !== "asking"); };
  return (
    <Dialog title={words().title(meant.length)} onClose={close}>
      <div class="stack">
        <p>{words().text}</p>
        <ul class="bulk-list"><For each={meant}>{(backup, index) => <li><span class="wrap">{backup.database_name} <span class="dim">#{backup.id}</span></span><Outcome result={results()[index()] ?? "waiting"} /></li>}</For></ul>
        <p role="status" class="dim"><Show when={state() === "over"}>{t().backups.bulkDone(meant.length - failed(), failed())}</Show></p>
        <div class="dialog-actions">
          <Show when={state() !== "over"} fallback={<Button look="main" onClick={close}>{t().app.close}</Button>}>
            <Button onClick={close}>{t().form.cancel}</Button>
            <Button look={props.action.name === "remove" ? "danger" : "main"} busy={state() === "working"} onClick={() => void run()}>{words().button}</Button>
          </Show>
        </div>
      </div>
    </Dialog>
  );
}

function Outcome(props: { result: Result }) {
  const error = (): string | undefined => (typeof props.result === "object" ? props.result.error : undefined);
  return (
    <Switch>
      <Match when={error()}>{(text) => <span class="bulk-refused"><Badge tone="bad">{t().backups.refused}</Badge> <span class="dim small wrap"><Said text={text()} /></span></span>}</Match>
      <Match when={props.result === "busy"}><span class="spinner" /></Match>
      <Match when={props.result === "done"}><Badge tone="good">{t().backups.done}</Badge></Match>
    </Switch>
  );
}
