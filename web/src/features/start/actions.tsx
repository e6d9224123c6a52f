import { For, Show, type JSX } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Problem } from "../../ui/problem.tsx";

/** What a step ends with: the way on, or past it. Without `onDone` it sends the form that it stands in. */
export function Actions(props: { busy: boolean; error: unknown; onDone?: () => void; onSkip: () => void }) {
  return (
    <>
      <Show when={props.error}>{(error) => <Problem error={error()} />}</Show>
      <div class="row add-actions">
        <Button look="main" busy={props.busy} {...(props.onDone === undefined ? { type: "submit" as const } : { onClick: props.onDone })}>{t().start.next}</Button>
        <Button look="quiet" onClick={props.onSkip}>{t().start.skip}</Button>
      </div>
    </>
  );
}

/** What is there already; the way on, and to one more. */
export function There<T>(props: { items: readonly T[]; children: (item: T) => JSX.Element; another: string; onAnother: () => void; onNext: () => void }) {
  return (
    <>
      <ul class="stack"><For each={props.items}>{(item) => <li class="start-there"><Icon name="check" /><span class="wrap">{props.children(item)}</span></li>}</For></ul>
      <div class="row add-actions"><Button look="main" onClick={props.onNext}>{t().start.next}</Button><Button icon="plus" onClick={props.onAnother}>{props.another}</Button></div>
    </>
  );
}
