import { A } from "@solidjs/router";
import { t } from "../../i18n/i18n.ts";

/** Restores, and test restores. */
export function Tabs() {
  return (
    <nav class="tabs" aria-label={t().restores.tabs}>
      <A href="/restores" end class="tab" activeClass="tab-here">{t().restores.title}</A>
      <A href="/restores/tests" end class="tab" activeClass="tab-here">{t().restores.tests}</A>
    </nav>
  );
}
