import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Fact, Facts } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Ago } from "../../ui/time.tsx";
import { placeName } from "./backup-step.tsx";
import type { Setup } from "./load.ts";
import { STEPS, type Done, type Step } from "./steps.ts";

/** What has been reached, what comes next, and what was left out. */
export function End(props: { setup: Setup; database: Database; done: Done; onStep: (step: Step) => void }) {
  const words = () => t().start.end;
  const left = () => STEPS.filter((step) => !props.done[step]);
  const next = () => props.setup.schedules.map(({ next_run_at }) => next_run_at).filter((at) => at !== null).toSorted()[0];
  return (
    <>
      <div class="start-safe" classList={{ "start-open": !props.done.backup }}>
        <Icon name={props.done.backup ? "shieldCheck" : "shield"} size={34} />
        <p class="start-verdict">{props.done.backup ? words().safe(props.database.name) : words().notYet(props.database.name)}</p>
      </div>
      <Facts>
        <Show when={props.setup.completed}>{(backup) => <Fact term={words().backup}><A href={`/backups/${backup().id}`}>{f().bytes(backup().size ?? 0)}</A>, <Ago at={backup().created_at} /></Fact>}</Show>
        <Fact term={words().storages}>{f().list(props.database.effective_storages.map(placeName))}</Fact>
        <Fact term={words().next}><Show when={next()} fallback={<span class="dim">{words().never}</span>}>{(at) => <Ago at={at()} />}</Show></Fact>
        <Fact term={words().told}><Show when={props.setup.channels.length > 0} fallback={<span class="dim">{words().nobody}</span>}>{f().list(props.setup.channels.map(({ name }) => name))}</Show></Fact>
      </Facts>
      <Show when={left().length > 0}>
        <div class="start-left"><p class="strong">{words().left}</p><ul class="row"><For each={left()}>{(step) => <li><Button icon="right" onClick={() => props.onStep(step)}>{t().start.steps[step].title}</Button></li>}</For></ul></div>
      </Show>
      <div class="row add-actions">
        <ButtonLink href="/" look="main" icon="dashboard">{words().dashboard}</ButtonLink>
        <Show when={props.setup.completed}>{(backup) => <ButtonLink href={`/backups/${backup().id}/restore`} icon="restore">{words().restore}</ButtonLink>}</Show>
        <ButtonLink href="/databases/new" icon="plus">{words().another}</ButtonLink>
      </div>
    </>
  );
}
