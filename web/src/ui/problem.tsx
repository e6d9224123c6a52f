import { Show, type JSX } from "solid-js";
import { ApiError } from "../api/client.ts";
import { t } from "../i18n/i18n.ts";
import { Icon } from "./icon.tsx";
import { Said } from "./said.tsx";
import "./problem.css";

/** An error: in the reader's words what it is, then the API's own sentence and hint. */
export function Problem(props: { error: unknown; title?: string; children?: JSX.Element }) {
  const known = (): ApiError | undefined => (props.error instanceof ApiError ? props.error : undefined);
  return (
    <div class="problem" role="alert">
      <Icon name="alert" size={18} />
      <div class="problem-text">
        <p class="problem-title">{props.title === undefined ? "" : `${props.title}: `}{t().errors.codes[known()?.code ?? "internal"]}.</p>
        <p class="wrap"><Said text={props.error instanceof Error ? props.error.message : String(props.error)} /><Show when={known()?.hint}>{(hint) => <span class="dim"> (<Said text={hint()} />)</span>}</Show></p>
        {props.children}
      </div>
    </div>
  );
}

/** A page or list without anything in it: why, and what to do. */
export function Empty(props: { title: string; text?: string; children?: JSX.Element }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      <Show when={props.text}><p class="dim">{props.text}</p></Show>
      <div class="empty-actions">{props.children}</div>
    </div>
  );
}
