import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import type { Status } from "../api/types.ts";
import { t } from "../i18n/i18n.ts";
import { f } from "../i18n/use-format.ts";
import "./strip.css";

const LENGTH = 10;

interface Result { readonly id: number; readonly status: Status; readonly created_at: string }

/**
 * The last results of a database, the newest at the right, each the way to its backup. Their shapes differ as their
 * colours do. One stop for Tab; the arrow keys go from one to the next.
 */
export function Strip(props: { results: readonly Result[]; label: string }) {
  const shown = (): readonly Result[] => props.results.slice(-LENGTH);
  const [chosen, setChosen] = createSignal<number>();
  const stop = (): number | undefined => (shown().find(({ id }) => id === chosen()) ?? shown().at(-1))?.id;
  const says = ({ status, created_at }: Result): string => `${t().status[status]}, ${f().moment(created_at)}`;
  const onKey = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>("a")];
    const here = links.findIndex((link) => link === document.activeElement);
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    links[to]?.focus();
  };
  return (
    <Show when={shown().length > 0} fallback={<span class="strip strip-none" aria-hidden="true" />}>
      <ul class="strip" role="list" aria-label={props.label} style={{ "--missing": LENGTH - shown().length }} onKeyDown={onKey}>
        <For each={shown()}>{(result) => (
          <li><A href={`/backups/${result.id}`} class={`strip-one strip-${result.status}`} tabindex={result.id === stop() ? 0 : -1} title={says(result)} aria-label={says(result)} onFocus={() => setChosen(result.id)}><span /></A></li>
        )}</For>
      </ul>
    </Show>
  );
}
