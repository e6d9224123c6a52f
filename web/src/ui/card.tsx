import { createEffect, createUniqueId, Show, type JSX } from "solid-js";
import { showTitle } from "./title.ts";
import "./card.css";

/** A titled part of a page. */
export function Card(props: { title: string; children: JSX.Element; aside?: JSX.Element; flush?: boolean }) {
  const id = createUniqueId();
  return (
    <section class="card" classList={{ "card-flush": props.flush ?? false }} aria-labelledby={id}>
      <header class="card-head"><h2 id={id}>{props.title}</h2>{props.aside}</header>
      <div class="card-body">{props.children}</div>
    </section>
  );
}

/** The name of a page, also of the browser's tab, and what can be done on it. */
export function PageHead(props: { title: string; children?: JSX.Element; above?: JSX.Element }) {
  createEffect(() => showTitle(props.title));
  return (
    <header class="page-head">
      <div><Show when={props.above}>{props.above}</Show><h1 tabindex="-1">{props.title}</h1></div>
      <div class="page-actions">{props.children}</div>
    </header>
  );
}

/** Terms and what they are. */
export function Facts(props: { children: JSX.Element }) {
  return <dl class="facts">{props.children}</dl>;
}
/** `wide`: it is long and takes the whole line of a narrow screen. */
export function Fact(props: { term: string; children: JSX.Element; wide?: boolean }) {
  return <div classList={{ "fact-wide": props.wide ?? false }}><dt>{props.term}</dt><dd class="wrap">{props.children}</dd></div>;
}
