import { Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { DatabaseOverview } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Confirm } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toasts.tsx";

/** Unregisters a database once its name was typed: what goes with it and what stays is said first. */
export function DeleteDialog(props: { database: Pick<DatabaseOverview, "id" | "name" | "backups" | "stored_bytes" | "schedules">; onClose: () => void; onDone: () => void }) {
  const words = () => t().databases;
  const remove = async (): Promise<void> => {
    await ask(api.databases[":id"].$delete({ param: { id: String(props.database.id) }, query: {} }));
    toast("good", words().deleted(props.database.name));
    props.onDone();
  };
  return (
    <Confirm title={words().deleteTitle(props.database.name)} action={words().deleteAction} type_name={props.database.name} onConfirm={remove} onClose={props.onClose}>
      <p>{words().deleteServer}</p>
      <Show when={props.database.schedules > 0}><p>{words().deleteSchedules(props.database.schedules)}</p></Show>
      <p>{props.database.backups === 0 ? words().deleteNone : words().deleteBackups(props.database.backups, f().bytes(props.database.stored_bytes))}</p>
    </Confirm>
  );
}
