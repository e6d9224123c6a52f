import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Ago } from "../../ui/time.tsx";
import { toast } from "../../ui/toasts.tsx";
import { Said } from "../../ui/said.tsx";
import { may } from "../session/rights.ts";

type Copy = BackupDetails["copies"][number];

const TONES: Record<Copy["state"], Tone> = { pending: "info", good: "good", damaged: "bad", missing: "bad" };

/** Where a backup lies, what is known of it there, and the way to make it good. */
export function Copies(props: { backup: BackupDetails; onChanged: () => void }) {
  return (
    <Card title={t().backup.copies} flush>
      <Show when={props.backup.copies.length > 0} fallback={<p class="note dim">{t().backup.noCopies}</p>}>
        <ul class="lines-plain"><For each={props.backup.copies}>{(copy) => <OneCopy backup={props.backup} copy={copy} onChanged={props.onChanged} />}</For></ul>
      </Show>
    </Card>
  );
}

function OneCopy(props: { backup: BackupDetails; copy: Copy; onChanged: () => void }) {
  const words = () => t().backup;
  const [busy, setBusy] = createSignal(false);
  const lost = (): boolean => props.backup.status === "completed" && (props.copy.state === "damaged" || props.copy.state === "missing");
  const repair = async (): Promise<void> => {
    setBusy(true);
    try {
      await ask(api.backups[":id"].copies[":storage"].retry.$post({ param: { id: String(props.backup.id), storage: props.copy.storage }, query: {} }));
      toast("none", words().repairing(props.copy.storage));
      props.onChanged();
    } catch (error) {
      toast("bad", saidOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li class="copy-line">
      <span class="copy-name"><span class="strong wrap">{props.copy.storage}</span><Badge tone={TONES[props.copy.state]}>{t().backups.copyStates[props.copy.state]}</Badge></span>
      <Show when={props.copy.checked_at}>{(at) => <span class="dim small">{words().checkedAt} <Ago at={at()} /></span>}</Show>
      <Show when={props.copy.detail}>{(detail) => <span class="dim small wrap"><Said text={detail()} /></span>}</Show>
      <Show when={props.copy.job}>{(job) => <span class="dim small">{job().status === "running" ? words().copying : words().waits} <Show when={job().status === "pending" && Date.parse(job().not_before) > Date.now()}><Ago at={job().not_before} /></Show></span>}</Show>
      <Show when={lost() && may("operate", props.backup.user_id)}><Button icon="restore" busy={busy()} label={words().repairOf(props.copy.storage)} onClick={() => void repair()}>{words().repair}</Button></Show>
    </li>
  );
}
