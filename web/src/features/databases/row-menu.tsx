import { createSignal, Show } from "solid-js";
import type { DatabaseOverview } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Popover } from "../../ui/popover.tsx";
import { may } from "../session/rights.ts";
import { DeleteDialog } from "./delete-dialog.tsx";

/** What else can be done with a database. */
export function RowMenu(props: { database: DatabaseOverview; onDeleted: () => void; onPage?: boolean }) {
  const [deleting, setDeleting] = createSignal(false);
  const words = () => t().databases;
  const manages = (): boolean => may("manage", props.database.user_id);
  return (
    <>
      <Popover opener={<Icon name="more" size={18} />} label={words().more(props.database.name)} opener_class="icon-button" panel_class="menu">{(close) => (
        <>
          <Show when={!props.onPage && props.database.newest !== null && may("operate", props.database.user_id)}><ButtonLink icon="restore" href={`/restores/new?database_id=${props.database.id}`}>{words().restoreNewest}</ButtonLink></Show>
          <ButtonLink icon="archive" href={`/backups?database_id=${props.database.id}`}>{words().allBackups}</ButtonLink>
          <Show when={manages()}>
            <ButtonLink icon="calendar" href={`/schedules/new?database_id=${props.database.id}`}>{words().addSchedule}</ButtonLink>
            <Show when={!props.onPage}><ButtonLink icon="edit" href={`/databases/${props.database.id}/edit`}>{words().edit}</ButtonLink></Show>
            <Button icon="trash" look="danger" onClick={() => { close(); setDeleting(true); }}>{words().delete}</Button>
          </Show>
        </>
      )}</Popover>
      <Show when={deleting()}><DeleteDialog database={props.database} onClose={() => setDeleting(false)} onDone={props.onDeleted} /></Show>
    </>
  );
}
