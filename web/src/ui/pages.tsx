import { Show } from "solid-js";
import { t } from "../i18n/i18n.ts";
import { f } from "../i18n/use-format.ts";
import { Button } from "./button.tsx";
import "./pages.css";

/** How many there are, the way to the next of them, and to any page by its number. */
export function Pages(props: { page: number; pages: number; total: string; onPage: (page: number) => void }) {
  const jump = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem("page") as HTMLInputElement;
    const page = Math.min(Number(field.value), props.pages);
    field.value = String(page >= 1 ? page : props.page);
    if (page >= 1 && page !== props.page) props.onPage(page);
  };
  return (
    <nav class="pages" aria-label={t().backups.pages}>
      <span class="dim small">{props.total}</span>
      <Show when={props.pages > 1}>
        <span class="row">
          <Button icon="left" disabled={props.page <= 1} onClick={() => props.onPage(props.page - 1)}>{t().backups.previous}</Button>
          <form class="row small" onSubmit={jump}>
            <label class="row">{t().backups.pageNumber}<input class="page-number" name="page" inputmode="numeric" pattern="[0-9]*" autocomplete="off" value={props.page} /></label>
            <span class="nowrap">{t().backups.ofPages(f().number(props.pages))}</span>
          </form>
          <Button icon="right" disabled={props.page >= props.pages} onClick={() => props.onPage(props.page + 1)}>{t().backups.next}</Button>
        </span>
      </Show>
    </nav>
  );
}
