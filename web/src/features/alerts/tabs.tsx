import { A } from "@solidjs/router";
import { t } from "../../i18n/i18n.ts";
import "./alerts.css";

/** Who is told, what they were told, and what there was to tell. */
export function Tabs() {
  const words = () => t().alerts.tabs;
  return (
    <nav class="alert-tabs" aria-label={words().label}>
      <A href="/alerts" end class="alert-tab" activeClass="alert-tab-here">{words().channels}</A>
      <A href="/alerts/deliveries" class="alert-tab" activeClass="alert-tab-here">{words().deliveries}</A>
      <A href="/alerts/history" class="alert-tab" activeClass="alert-tab-here">{words().history}</A>
    </nav>
  );
}
