import { A } from "@solidjs/router";
import { createSignal, Match, Show, Switch } from "solid-js";
import { api, ApiError, ask } from "../../api/client.ts";
import type { Backup } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button } from "../../ui/button.tsx";
import { createForm } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { createProgress } from "../backups/live.ts";
import type { StepProps } from "./load.ts";

/** What a place is called on the way. */
export const placeName = (name: string): string => (name === "local" ? t().start.steps.storage.here : name);

/** The first backup, as it runs. When it is complete, the page is at its end by itself. */
export function BackupStep(props: StepProps) {
  const words = () => t().start.steps.backup;
  const live = createProgress();
  const form = createForm({}, {});
  const [ordered, setOrdered] = createSignal<Backup>();
  const newest = (): Backup | undefined => { const [known, own] = [props.setup.newest, ordered()]; return known === undefined || (own !== undefined && own.id > known.id) ? own : known; };
  const only = (...statuses: Backup["status"][]) => { const backup = newest(); return backup !== undefined && statuses.includes(backup.status) ? backup : undefined; };
  const order = async (): Promise<void> => {
    setOrdered((await ask(api.backups.database[":id"].$post({ param: { id: String(props.database.id) }, query: {}, json: {} }))).backup);
  };
  return (
    <form class="add" onSubmit={form.submit(order)}>
      <Switch fallback={<p class="dim">{words().lead(props.database.name, f().list(props.database.effective_storages.map(placeName)))}</p>}>
        <Match when={only("pending", "running")}>{(backup) => <div class="start-running" role="status"><p class="strong wrap">{words().running(props.database.name)}</p><JobProgress begun={backup().status === "running"} label={props.database.name} progress={live(backup().id) ?? backup().progress} /></div>}</Match>
        <Match when={only("failed")}>{(backup) => <Problem error={new ApiError(backup().error_code ?? "internal", backup().error_msg ?? "", backup().error_hint ?? undefined)}><p><A href={`/backups/${backup().id}`}>{words().details}</A></p></Problem>}</Match>
      </Switch>
      <Show when={form.error()}>{(error) => <Problem error={error()} />}</Show>
      <Show when={only("pending", "running") === undefined}>
        <div class="row add-actions">
          <Button type="submit" look="main" icon="play" busy={form.busy()}>{only("failed") === undefined ? words().action : words().retry}</Button>
          <Button look="quiet" onClick={props.onSkip}>{t().start.skip}</Button>
        </div>
      </Show>
    </form>
  );
}
