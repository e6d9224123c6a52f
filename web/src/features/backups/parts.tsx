import { For } from "solid-js";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Card } from "../../ui/card.tsx";

type Part = NonNullable<BackupDetails["parts"]>[number];

/** The files of an artifact that has several, and what its checksum is of. */
export function Parts(props: { parts: readonly Part[] }) {
  const words = () => t().backup;
  return (
    <Card title={words().parts} flush aside={<span class="dim small">{words().files(props.parts.length)}</span>}>
      <ul class="lines-plain parts">
        <For each={props.parts}>{(part) => <li><span class="strong">{part.name}</span><span class="line-end">{f().bytes(part.size_bytes)}</span><span class="mono dim wrap">{part.sha256}</span></li>}</For>
      </ul>
      <p class="note dim small">{words().partsNote}</p>
    </Card>
  );
}
