import { Show } from "solid-js";
import type { DatabaseOverview } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Ago } from "../../ui/time.tsx";
import { dueOf, shownOf, TONES } from "./state.ts";

/** How a database's backups stand, in a word. */
export function StateBadge(props: { of: Pick<DatabaseOverview, "state" | "running"> }) {
  return <Badge tone={TONES[shownOf(props.of)]}>{t().databases.states[shownOf(props.of)]}</Badge>;
}

/** How old the newest backup is, and until when there has to be the next. */
export function Freshness(props: { of: DatabaseOverview }) {
  const due = () => dueOf(props.of, Date.now());
  return (
    <span class="freshness small dim">
      <Show when={props.of.newest} fallback={<span>{t().databases.none}</span>}>{(newest) => <Ago at={newest().at} />}</Show>
      <Show when={props.of.objective.due_at !== null && due()}>{(which) => (
        <span classList={{ over: which() === "over" }}> · <Ago at={props.of.objective.due_at ?? ""} words={t().databases.due[which()]} /></span>
      )}</Show>
    </span>
  );
}

/** That a test restore has proved the newest backup, or an older one. */
export function Shield(props: { of: Pick<DatabaseOverview, "newest" | "newest_verified"> }) {
  const newest = (): boolean => props.of.newest !== null && props.of.newest.verified_at !== null;
  const says = (at: string): string => (newest() ? t().databases.verified(f().moment(at)) : t().databases.verifiedBefore(f().moment(at)));
  return (
    <Show when={props.of.newest_verified}>{(proved) => (
      <span class="shield" classList={{ "shield-old": !newest() }} role="img" aria-label={says(proved().at)} title={says(proved().at)}><Icon name={newest() ? "shieldCheck" : "shield"} size={16} /></span>
    )}</Show>
  );
}
