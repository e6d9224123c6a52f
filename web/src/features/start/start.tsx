import { useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, Match, on, Show, Switch } from "solid-js";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { AlertsStep } from "./alerts-step.tsx";
import { BackupStep } from "./backup-step.tsx";
import { DatabaseStep } from "./database-step.tsx";
import { End } from "./end.tsx";
import { loadSetup, type Setup } from "./load.ts";
import { ScheduleStep } from "./schedule-step.tsx";
import { Stepper } from "./stepper.tsx";
import { doneOf, nextOf, shownOf, type Step } from "./steps.ts";
import { StorageStep } from "./storage-step.tsx";
import "./start.css";

/** From nothing to a first backup that is safe: on one page, step by step, each of which may wait. */
export default function StartPage() {
  const data = createData(() => undefined, loadSetup, ["database", "schedule", "channel", "backup", "storage"]);
  return (
    <>
      <PageHead title={t().start.title} />
      <Loaded of={data} lines={8}>{(setup) => <Path setup={setup()} again={data.again} />}</Loaded>
    </>
  );
}

function Path(props: { setup: Setup; again: () => void }) {
  const [search, setSearch] = useSearchParams();
  const done = createMemo(() => doneOf({ ...props.setup, schedules: props.setup.schedules.length, channels: props.setup.channels.length }), undefined, { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) });
  const shown = createMemo(() => { const step = shownOf(search["step"], done()); return step === "backup" && done().backup ? "end" : step; });
  let heading: HTMLHeadingElement | undefined;
  createEffect(on(shown, () => heading?.focus(), { defer: true })); // the keyboard goes on where the page does
  const show = (step: Step | "end"): void => { setSearch({ step }); };
  const ways = (step: Step) => ({ onDone: () => { props.again(); show(nextOf(step, { ...done(), [step]: true })); }, onSkip: () => show(nextOf(step, done())) });
  const title = () => { const step = shown(); return step === "end" ? t().start.end.title : t().start.steps[step].title; };
  return (
    <div class="start">
      <Stepper shown={shown()} done={done()} onStep={show} />
      <section class="card start-card" aria-labelledby="start-step">
        <h2 id="start-step" tabindex="-1" ref={(element) => { heading = element; }}>{title()}</h2>
        <Show when={props.setup.database} fallback={<DatabaseStep setup={props.setup} {...ways("database")} />}>{(database) => (
          <Switch>
            <Match when={shown() === "database"}><DatabaseStep setup={props.setup} {...ways("database")} /></Match>
            <Match when={shown() === "storage"}><StorageStep setup={props.setup} database={database()} {...ways("storage")} /></Match>
            <Match when={shown() === "schedule"}><ScheduleStep setup={props.setup} database={database()} {...ways("schedule")} /></Match>
            <Match when={shown() === "alerts"}><AlertsStep setup={props.setup} database={database()} {...ways("alerts")} /></Match>
            <Match when={shown() === "backup"}><BackupStep setup={props.setup} database={database()} {...ways("backup")} /></Match>
            <Match when={shown() === "end"}><End setup={props.setup} database={database()} done={done()} onStep={show} /></Match>
          </Switch>
        )}</Show>
      </section>
      <Show when={shown() !== "end"}><p class="dim small start-note">{t().start.note}</p></Show>
    </div>
  );
}
