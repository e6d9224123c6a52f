import { Show } from "solid-js";
import type { Backup } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Icon } from "../../ui/icon.tsx";

/** What is known of a backup beside its status, as small signs with their words: proved, damaged, pinned, encrypted. */
export function Signs(props: { backup: Backup }) {
  const lost = (): boolean => props.backup.integrity.state === "damaged" || props.backup.integrity.state === "missing";
  return (
    <span class="signs">
      <Show when={!lost() ? props.backup.verified_at : null}>{(at) => <Sign name="shieldCheck" tone="good" text={t().backups.provedAt(f().moment(at()))} />}</Show>
      <Show when={lost()}><Sign name="alert" tone="bad" text={t().backups.copyStates[props.backup.integrity.state as "damaged"]} /></Show>
      <Show when={props.backup.pinned}><Sign name="pin" tone="none" text={t().backups.pinned} /></Show>
      <Show when={props.backup.encrypted}><Sign name="key" tone="none" text={t().backups.encrypted} /></Show>
    </span>
  );
}

function Sign(props: { name: "shieldCheck" | "alert" | "pin" | "key"; tone: "good" | "bad" | "none"; text: string }) {
  return <span class={`sign tone-${props.tone}`} title={props.text}><Icon name={props.name} /><span class="hidden">{props.text}</span></span>;
}
