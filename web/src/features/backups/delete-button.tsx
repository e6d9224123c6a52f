import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toasts.tsx";
import { remove } from "./actions.ts";

/** Deletes a backup; the last one that its database could be restored from asks for the database's name. */
export function DeleteButton(props: { backup: BackupDetails }) {
  const words = () => t().backup;
  const navigate = useNavigate();
  const [asked, setAsked] = createSignal<"last" | "one">();
  const [busy, setBusy] = createSignal(false);
  const open = async (): Promise<void> => {
    setBusy(true);
    try {
      const query = { database_id: String(props.backup.database_id), status: "completed", per_page: "1" } as const;
      const { pagination } = await ask(api.backups.$get({ query }));
      setAsked(props.backup.status === "completed" && pagination.total === 1 ? "last" : "one");
    } catch (error) {
      toast("bad", saidOf(error));
    } finally {
      setBusy(false);
    }
  };
  const confirm = async (): Promise<void> => {
    await remove(props.backup.id);
    toast("none", words().deleted(props.backup.id));
    navigate("/backups");
  };
  return (
    <>
      <Button look="danger" icon="trash" busy={busy()} onClick={() => void open()}>{words().delete}</Button>
      <Show when={asked()}>{(which) => (
        <Confirm title={words().deleteTitle(props.backup.database_name, props.backup.id)} action={words().delete} onConfirm={confirm} onClose={() => setAsked(undefined)} {...(which() === "last" ? { type_name: props.backup.database_name } : {})}>
          <p>{which() === "last" ? words().deleteLast : words().deleteText}</p>
          <Show when={props.backup.pinned}><p>{words().deletePinned}</p></Show>
        </Confirm>
      )}</Show>
    </>
  );
}
