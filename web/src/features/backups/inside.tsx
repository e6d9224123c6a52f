import { For, Show } from "solid-js";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";

const TONES: Record<BackupDetails["copies"][number]["state"], Tone> = { pending: "info", good: "good", damaged: "bad", missing: "bad" };

/** Where a backup lies, and what is known of it there. */
export function Copies(props: { copies: BackupDetails["copies"] }) {
  return (
    <Card title={t().backups.copies} flush>
      <ul class="lines-plain">
        <For each={props.copies}>{(copy) => <li><span class="strong wrap">{copy.storage}</span><Badge tone={TONES[copy.state]}>{t().backups.copyStates[copy.state]}</Badge><Show when={copy.detail}><span class="dim wrap" lang="en">{copy.detail}</span></Show></li>}</For>
      </ul>
    </Card>
  );
}

/** What a backup holds: its tables and their rows. */
export function Contents(props: { contents: BackupDetails["contents"] }) {
  return (
    <Card title={t().backups.contents} flush>
      <Show when={props.contents} fallback={<p class="quiet dim">{t().backups.noContents}</p>}>{(contents) => (
        <div class="contents" tabindex="0" role="region" aria-label={t().backups.contents}>
          <table class="table-dense">
            <thead><tr><th scope="col">{t().backups.table}</th><th scope="col" class="end">{t().backups.rows}</th></tr></thead>
            <tbody><For each={contents().tables}>{(table) => <tr><td class="mono wrap">{table.name}</td><td class="end">{table.exact ? f().number(table.rows) : t().backups.about(f().number(table.rows))}</td></tr>}</For></tbody>
          </table>
        </div>
      )}</Show>
    </Card>
  );
}
