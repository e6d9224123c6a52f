import type { JSX } from "solid-js";
import "./badge.css";

export type Tone = "good" | "warn" | "bad" | "info" | "none";

/** A word with a colour; the colour alone never says it. */
export function Badge(props: { tone: Tone; children: JSX.Element; title?: string }) {
  return <span class={`badge tone-${props.tone}`} title={props.title}><span class="dot" aria-hidden="true" />{props.children}</span>;
}

/** A small word without a judgement. */
export function Tag(props: { children: JSX.Element; title?: string }) {
  return <span class="tag" title={props.title}>{props.children}</span>;
}
