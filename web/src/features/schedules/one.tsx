import { A, useNavigate, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { scope } from "../../api/scope.ts";
import type { Schedule } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Card, Fact, Facts, PageHead } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { PauseSwitch, RunNow } from "./controls.tsx";
import { cronWords } from "./cron-words.ts";
import { ScheduleForm } from "./form.tsx";
import { LastRuns } from "./standing.tsx";
import "./schedules.css";

/** A schedule: how it stands, and everything that it says, to be changed. */
export default function SchedulePage() {
  const params = useParams<{ id: string }>();
  const navigate = useNavigate();
  const data = createData(() => params.id, async (id) => (await ask(api.schedules[":id"].$get({ param: { id }, query: {} }))).schedule, ["schedule", "backup"]);
  const words = () => t().schedules;
  const remove = async (): Promise<void> => {
    await ask(api.schedules[":id"].$delete({ param: { id: params.id }, query: {} }));
    toast("good", words().removed);
    navigate("/schedules");
  };
  return (
    <>
      <PageHead title={data.value()?.name ?? words().title} above={<A href="/schedules" class="small">{words().back}</A>}>
        <Show when={data.value()}>{(schedule) => (
          <>
            <ButtonLink href={`/backups?database_id=${schedule().database_id}&trigger=scheduled`}>{words().history}</ButtonLink>
            <RunNow schedule={schedule()} busy={["pending", "running"].includes(schedule().last_runs.at(-1)?.status ?? "")} />
            <Show when={may("manage", schedule().user_id)}>
              <ConfirmButton icon="trash" look="danger" title={words().removeTitle(schedule().name)} text={words().removeText} action={words().remove} onConfirm={remove}>{words().remove}</ConfirmButton>
            </Show>
          </>
        )}</Show>
      </PageHead>
      <Loaded of={data} lines={8}>{(value) => (
        <div class="form-page">
          <Standing schedule={value()} onDone={data.again} />
          <Show when={!may("manage", value().user_id)}><p class="dim">{words().readOnly}</p></Show>
          <ScheduleForm schedule={value()} locked={!may("manage", value().user_id)} action={words().save} onSave={async (_, body) => {
            await ask(api.schedules[":id"].$put({ param: { id: params.id }, query: {}, json: body }));
            toast("good", words().saved);
            data.again();
          }} />
        </div>
      )}</Loaded>
    </>
  );
}

function Standing(props: { schedule: Schedule; onDone: () => void }) {
  const words = () => t().schedules;
  return (
    <Card title={words().standing} aside={<PauseSwitch schedule={props.schedule} shown onDone={props.onDone} />}>
      <div class="stack">
        <Show when={props.schedule.paused}><p class="notice-line"><Icon name="alert" />{words().allPaused}. {words().allPausedText}</p></Show>
        <Show when={props.schedule.missed_at}>{(at) => <p class="notice-line"><Icon name="alert" />{words().missedAt(f().moment(at()))}</p>}</Show>
        <Facts>
          <Fact term={words().database}><A href={`/databases/${props.schedule.database_id}`}>{props.schedule.database_name}</A><Show when={scope() === "all"}> <span class="dim small">{words().owner(props.schedule.user_email)}</span></Show></Fact>
          <Fact term={words().when}>{cronWords(props.schedule.cron)}</Fact>
          <Fact term={words().next}>{props.schedule.next_run_at === null ? words().paused : f().zoned(props.schedule.next_run_at, props.schedule.timezone)}</Fact>
          <Fact term={words().last}><LastRuns schedule={props.schedule} /></Fact>
        </Facts>
      </div>
    </Card>
  );
}
