import { Show } from "solid-js";
import { t } from "../i18n/i18n.ts";
import { f } from "../i18n/use-format.ts";
import { Button } from "./button.tsx";
import "./pages.css";

/** How many there are, and the way to the next of them. */
export function Pages(props: { page: number; pages: number; total: string; onPage: (page: number) => void }) {
  return (
    <nav class="pages" aria-label={t().backups.pages}>
      <span class="dim small">{props.total}</span>
      <Show when={props.pages > 1}>
        <span class="row">
          <Button icon="left" disabled={props.page <= 1} onClick={() => props.onPage(props.page - 1)}>{t().backups.previous}</Button>
          <span class="small">{t().backups.page(f().number(props.page), f().number(props.pages))}</span>
          <Button icon="right" disabled={props.page >= props.pages} onClick={() => props.onPage(props.page + 1)}>{t().backups.next}</Button>
        </span>
      </Show>
    </nav>
  );
}
