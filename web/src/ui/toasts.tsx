import { createSignal, For } from "solid-js";
import { t } from "../i18n/i18n.ts";
import { Icon } from "./icon.tsx";
import type { Tone } from "./badge.tsx";
import "./toasts.css";

interface Toast { readonly id: number; readonly tone: Tone; readonly text: string }

const SHOWN_MS = 6_000;
const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
let last = 0;

/** Tells something short, which goes by itself unless it is an error. */
export function toast(tone: Tone, text: string): void {
  const id = ++last;
  setToasts((all) => [...all.slice(-3), { id, tone, text }]);
  if (tone !== "bad") setTimeout(() => close(id), SHOWN_MS);
}

function close(id: number): void {
  setToasts((all) => all.filter((each) => each.id !== id));
}

/** Stands once on the page; what appears in it is read out. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      <For each={toasts()}>{(each) => (
        <div class={`toast tone-${each.tone}`}>
          <Icon name={each.tone === "good" ? "check" : each.tone === "bad" ? "alert" : "info"} size={18} /><span class="wrap">{each.text}</span>
          <button type="button" aria-label={t().app.close} onClick={() => close(each.id)}><Icon name="cross" size={14} /></button>
        </div>
      )}</For>
    </div>
  );
}
