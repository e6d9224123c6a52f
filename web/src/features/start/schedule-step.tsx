import type { RetentionPolicy } from "@safebase/contracts";
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { api, ApiError, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { createForm } from "../../ui/form.ts";
import { Ago } from "../../ui/time.tsx";
import { PRESETS } from "../retention/policy.ts";
import { RetentionField } from "../retention/retention-field.tsx";
import { CronField, type CronValue } from "../schedules/cron-field.tsx";
import { cronWords } from "../schedules/cron-words.ts";
import { Actions, There } from "./actions.tsx";
import type { StepProps } from "./load.ts";

/** When it is backed up, and how long backups are kept. */
export function ScheduleStep(props: StepProps) {
  const words = () => t().start.steps.schedule;
  const [another, setAnother] = createSignal(props.setup.schedules.length === 0);
  return (
    <Show when={!another()} fallback={<NewSchedule {...props} />}>
      <There items={props.setup.schedules} another={words().another} onAnother={() => setAnother(true)} onNext={props.onSkip}>
        {({ id, cron, timezone, next_run_at }) => <><A href={`/schedules/${id}`} class="strong">{cronWords(cron)}</A> <span class="dim">{timezone}<Show when={next_run_at}>{(at) => <> · {words().nextRun} <Ago at={at()} /></>}</Show></span></>}
      </There>
    </Show>
  );
}

function NewSchedule(props: StepProps) {
  const words = () => t().start.steps.schedule;
  const [when, setWhen] = createSignal<CronValue>({ cron: "0 3 * * *", time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const [retention, setRetention] = createSignal<RetentionPolicy | null>(PRESETS.classic);
  const form = createForm({}, {});
  const refused = (of: RegExp): string | undefined => { const thrown = form.error(); return thrown instanceof ApiError && of.test(thrown.message) ? thrown.message : undefined; };
  const save = async (): Promise<void> => {
    const { cron, time_zone } = when();
    await ask(api.schedules.$post({ query: {}, json: { database_id: props.database.id, cron, timezone: time_zone, retention: retention() } }));
    props.onDone();
  };
  return (
    <form class="add" noValidate onSubmit={form.submit(save)}>
      <p class="dim">{words().lead}</p>
      <CronField value={when()} onChange={setWhen} error={refused(/^(cron|timezone)\b/)} />
      <RetentionField value={retention()} onChange={setRetention} error={refused(/^retention\b/)} />
      <Actions busy={form.busy()} error={refused(/^(cron|timezone|retention)\b/) === undefined ? form.error() : undefined} onSkip={props.onSkip} />
    </form>
  );
}
