import { Show, type JSX } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Empty } from "../../ui/problem.tsx";
import { may } from "./rights.ts";

/** A page for those who run the installation; whoever came by its address is told so. */
export function ForAdmins(props: { title: string; children: JSX.Element }) {
  return (
    <Show when={may("administer")} fallback={
      <><PageHead title={props.title} /><div class="card"><Empty title={t().users.onlyAdmins} text={t().users.onlyAdminsText}><ButtonLink href="/">{t().nav.dashboard}</ButtonLink></Empty></div></>
    }>{props.children}</Show>
  );
}
