import { Match, Show, Switch, type JSX } from "solid-js";
import type { Data } from "../api/data.ts";
import { t } from "../i18n/i18n.ts";
import { Button } from "./button.tsx";
import { Problem } from "./problem.tsx";
import "./loaded.css";

/** What was loaded, or how loading stands: the room is kept while waiting, and an error can be tried again. */
export function Loaded<T>(props: { of: Data<T>; lines?: number; children: (value: () => T) => JSX.Element }) {
  return (
    <Switch>
      <Match when={props.of.value() === undefined && props.of.error() !== undefined}>
        <Problem title={t().errors.load} error={props.of.error()}><Button onClick={props.of.again} busy={props.of.loading()}>{t().app.retry}</Button></Problem>
      </Match>
      <Match when={props.of.value() === undefined}><Skeleton lines={props.lines ?? 5} /></Match>
      <Match when={true}>
        <Show when={props.of.error()}>{(error) => <Problem title={t().errors.load} error={error()} />}</Show>
        {props.children(() => props.of.value() as T)}
      </Match>
    </Switch>
  );
}

function Skeleton(props: { lines: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">{t().app.loading}</span>
      {Array.from({ length: props.lines }, () => <span class="skeleton-line" />)}
    </div>
  );
}
