import { createMemo, createSignal, Show } from "solid-js";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Card } from "../../ui/card.tsx";
import { TextField } from "../../ui/field.tsx";
import { LongList } from "../../ui/long-list.tsx";

type Tables = NonNullable<BackupDetails["contents"]>["tables"];

const SEARCHED_FROM = 12;

/** What a backup holds: its tables and their rows, of thousands those that are looked for. */
export function Contents(props: { contents: BackupDetails["contents"] }) {
  const words = () => t().backup;
  const tables = (): Tables => props.contents?.tables ?? [];
  const [search, setSearch] = createSignal("");
  const found = createMemo(() => { const text = search().trim().toLowerCase(); return text === "" ? tables() : tables().filter(({ name }) => name.toLowerCase().includes(text)); });
  const rows = (): number => tables().reduce((sum, table) => sum + table.rows, 0);
  return (
    <Card title={words().contents} flush aside={<Show when={props.contents}><span class="dim small">{words().holds(tables().length, f().number(rows()), tables().every(({ exact }) => exact))}</span></Show>}>
      <Show when={props.contents} fallback={<p class="note dim">{words().noContents}</p>}>
        <Show when={tables().length > 0} fallback={<p class="note dim">{words().noTables}</p>}>
          <Show when={tables().length >= SEARCHED_FROM}>
            <div class="contents-search"><TextField name="tables" type="search" label={words().searchTables} placeholder={words().searchTables} value={search()} onInput={setSearch} /></div>
          </Show>
          <Show when={found().length > 0} fallback={<p class="note dim" role="status">{words().noTable}</p>}>
            <LongList label={words().contents} items={found()} row_px={31}>{(table) => (
              <div class="line"><span class="mono wrap">{table.name}</span><span class="line-end">{table.exact ? f().number(table.rows) : t().backups.about(f().number(table.rows))}</span></div>
            )}</LongList>
          </Show>
        </Show>
      </Show>
    </Card>
  );
}
