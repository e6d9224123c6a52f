import { A } from "@solidjs/router";
import { Show, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";
import "./button.css";

type Look = "main" | "plain" | "quiet" | "danger";

/** A button; while `busy` it stays where it is and does nothing. */
export function Button(props: {
  children: JSX.Element; look?: Look; icon?: IconName; busy?: boolean; disabled?: boolean; type?: "button" | "submit"; label?: string; name?: string; expanded?: boolean; onClick?: () => void;
}) {
  const onClick = (): void => { if (props.busy !== true) props.onClick?.(); };
  return (
    <button class={`button button-${props.look ?? "plain"}`} type={props.type ?? "button"} aria-busy={props.busy} aria-disabled={props.busy}
      disabled={props.disabled} aria-label={props.label} aria-expanded={props.expanded} name={props.name} onClick={onClick}>
      <Show when={props.busy} fallback={<Show when={props.icon}>{(name) => <Icon name={name()} />}</Show>}><span class="spinner" /></Show>
      {props.children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink(props: { children: JSX.Element; href: string; look?: Look; icon?: IconName }) {
  return (
    <A class={`button button-${props.look ?? "plain"}`} href={props.href}>
      <Show when={props.icon}>{(name) => <Icon name={name()} />}</Show>{props.children}
    </A>
  );
}
