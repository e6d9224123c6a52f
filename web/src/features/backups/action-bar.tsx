import { createSignal, Show } from "solid-js";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { ConfirmButton } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { cancel, check, pin, verify } from "./actions.ts";
import { DeleteButton } from "./delete-button.tsx";
import { createKeptAway, DownloadMenu } from "./download-menu.tsx";
import { IdentityDialog } from "./identity-dialog.tsx";

/** What can be done with a backup, by whoever may. */
export function Actions(props: { backup: BackupDetails; onChanged: () => void }) {
  const words = () => t().backup;
  const completed = (): boolean => props.backup.status === "completed";
  const open = (): boolean => props.backup.status === "pending" || props.backup.status === "running";
  const operates = (): boolean => may("operate", props.backup.user_id);
  const manages = (): boolean => may("manage", props.backup.user_id);
  const keptAway = createKeptAway(() => props.backup);
  const run = async (act: () => Promise<void>, text: string): Promise<void> => {
    await act().then(() => toast("none", text), (error: unknown) => toast("bad", saidOf(error)));
    props.onChanged();
  };
  return (
    <>
      <Show when={completed() && operates()}><ButtonLink href={`/backups/${props.backup.id}/restore`} look="main" icon="restore">{words().restore}</ButtonLink></Show>
      <Show when={completed() && manages()}><DownloadMenu backup={props.backup} keptAway={keptAway()} /></Show>
      <Show when={completed() && operates()}>
        <VerifyButton backup={props.backup} keptAway={keptAway()} onChanged={props.onChanged} />
        <Button icon="search" onClick={() => void run(() => check(props.backup.id), words().checkOrdered)}>{words().checkAction}</Button>
        <Button icon="pin" onClick={() => void run(() => pin(props.backup.id, !props.backup.pinned), props.backup.pinned ? words().unpinned : words().pinned)}>{props.backup.pinned ? words().unpin : words().pin}</Button>
      </Show>
      <Show when={open() && operates()}>
        <ConfirmButton icon="cross" title={words().cancelTitle} text={words().cancelText} action={words().cancelAction} onConfirm={async () => { await cancel(props.backup.job_id); props.onChanged(); }}>{words().cancel}</ConfirmButton>
      </Show>
      <Show when={!open() && manages()}><DeleteButton backup={props.backup} /></Show>
    </>
  );
}

/** A test restore; what is locked with a key that is not here needs its identity first. */
function VerifyButton(props: { backup: BackupDetails; keptAway: boolean; onChanged: () => void }) {
  const words = () => t().backup;
  const [asking, setAsking] = createSignal(false);
  const order = async (identity?: string): Promise<void> => {
    await verify(props.backup.id, identity);
    toast("none", words().verifyOrdered);
    props.onChanged();
  };
  return (
    <>
      <Button icon="shieldCheck" onClick={() => { if (props.keptAway) setAsking(true); else void order().catch((error: unknown) => toast("bad", saidOf(error))); }}>{words().verify}</Button>
      <Show when={asking()}><IdentityDialog title={words().verify} action={words().verify} onClose={() => setAsking(false)} onGiven={order} /></Show>
    </>
  );
}
