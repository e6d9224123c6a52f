import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { Backup } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Card } from "../../ui/card.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { createProgress } from "../backups/live.ts";

/** The backups that wait or run, as they go on. */
export function Running(props: { backups: readonly Backup[] }) {
  const live = createProgress();
  const ids = (): number[] => props.backups.filter(({ status }) => status === "pending" || status === "running").map(({ id }) => id);
  const of = (id: number): Backup | undefined => props.backups.find((backup) => backup.id === id);
  return (
    <Card title={t().dashboard.running}>
      <Show when={ids().length > 0} fallback={<p class="dim">{t().dashboard.idle}</p>}>
        <ul class="running">
          <For each={ids()}>{(id) => (
            <Show when={of(id)}>{(backup) => (
              <li>
                <A href={`/backups/${id}`} class="clip strong">{backup().database_name}</A>
                <JobProgress label={backup().database_name} progress={live(id) ?? backup().progress} />
              </li>
            )}</Show>
          )}</For>
        </ul>
      </Show>
    </Card>
  );
}
