import { createEffect, type JSX } from "solid-js";
import { showTitle } from "../../ui/title.ts";
import { Preferences } from "../shell/preferences.tsx";
import { Logo } from "../shell/logo.tsx";
import "./outside.css";

/** The frame of the pages before one is logged in. */
export function Outside(props: { title: string; lead?: string; children: JSX.Element }) {
  createEffect(() => showTitle(props.title));
  return (
    <main class="outside">
      <div class="outside-box">
        <Logo />
        <div><h1>{props.title}</h1>{props.lead === undefined ? undefined : <p class="dim">{props.lead}</p>}</div>
        {props.children}
      </div>
      <Preferences />
    </main>
  );
}
