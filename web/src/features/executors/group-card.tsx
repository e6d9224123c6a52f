import { For, Show } from "solid-js";
import { A } from "@solidjs/router";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Ago } from "../../ui/time.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";
import { reachOf } from "./reach.ts";
import type { Executor, Group } from "./types.ts";
import "../../ui/table.css";

const TONES = { alive: "good", draining: "warn", lost: "bad" } as const;

/** A group, whom it is for, and the machines in it; `executors` is undefined for those who may not see them. */
export function GroupCard(props: { group: Group; executors: readonly Executor[] | undefined; version: string; again: () => void }) {
  const words = () => t().executors;
  const dead = (): boolean => props.group.alive === 0 && props.group.databases > 0;
  return (
    <Card title={props.group.group} flush aside={<Aside {...props} />}>
      <Show when={props.group.note}>{(note) => <p class="executors-note dim wrap">{note()}</p>}</Show>
      <Show when={dead()}><p class="executors-dead"><Icon name="alert" />{words().dead(props.group.group)}</p></Show>
      <Show when={(props.executors ?? []).length > 0} fallback={<Show when={props.executors !== undefined && !dead()}><Empty title={words().none} text={words().noneText} /></Show>}>
        <Rows executors={props.executors ?? []} version={props.version} />
      </Show>
    </Card>
  );
}

function Aside(props: { group: Group; again: () => void }) {
  const words = () => t().executors;
  const change = async (act: () => Promise<unknown>, said: string): Promise<void> => {
    await act();
    toast("good", said);
    props.again();
  };
  const name = () => props.group.group;
  const open = (wanted: boolean): void => {
    const put = () => ask(api.executors.groups[":name"].$put({ param: { name: name() }, query: {}, json: { open: wanted } }));
    change(put, wanted ? words().opened : words().closed).catch((error: unknown) => toast("bad", saidOf(error)));
  };
  const remove = () => change(() => ask(api.executors.groups[":name"].$delete({ param: { name: name() }, query: {} })), words().removed(name()));
  const managed = (): boolean => may("administer") && !props.group.own;
  return (
    <div class="executors-aside">
      <Badge tone={props.group.alive > 0 ? "good" : props.group.databases > 0 ? "bad" : "none"}>{words().alive(props.group.alive)}</Badge>
      <span class="dim small">{words().databases(props.group.databases)}</span>
      <Tag>{props.group.own ? words().own : props.group.open ? words().forAll : words().forAdmins}</Tag>
      <Show when={managed()}><Switch label={words().openLabel(name())} on={props.group.open} onChange={open} /></Show>
      <Show when={managed() && props.group.databases === 0 && props.group.alive === 0}>
        <ConfirmButton icon="trash" look="quiet" label={words().removeOf(name())} title={words().removeOf(name())} text={<p>{words().removeText}</p>} action={words().remove} onConfirm={remove}>{words().remove}</ConfirmButton>
      </Show>
    </div>
  );
}

function Rows(props: { executors: readonly Executor[]; version: string }) {
  const words = () => t().executors;
  return (
    <table class="table">
      <thead><tr><th scope="col">{words().host}</th><th scope="col">{words().state}</th><th scope="col">{words().clients}</th><th scope="col">{words().jobs}</th><th scope="col" class="end">{words().seen}</th></tr></thead>
      <tbody><For each={props.executors}>{(executor) => <Row executor={executor} version={props.version} />}</For></tbody>
    </table>
  );
}

function Row(props: { executor: Executor; version: string }) {
  const words = () => t().executors;
  const other = (): boolean => props.executor.version !== props.version;
  return (
    <tr>
      <td class="whole">
        <span class="wrap strong">{props.executor.host}</span>
        <p class="dim small">SafeBase {props.executor.version}<Show when={props.executor.started_at}>{(at) => <> · <Ago at={at()} words={(ago) => words().since(ago)} /></>}</Show></p>
        <Show when={other()}><Badge tone="warn" title={words().otherVersionHint(props.executor.host, props.executor.version, props.version)}>{words().otherVersion(props.version)}</Badge></Show>
      </td>
      <td data-label={words().state}><Badge tone={TONES[props.executor.state]} {...(props.executor.state === "draining" ? { title: words().draining } : {})}>{words().states[props.executor.state]}</Badge></td>
      <td class="whole"><Programs clients={props.executor.clients} /></td>
      <td data-label={words().jobs}>
        {words().of(props.executor.running_jobs.length, props.executor.concurrency)}
        <For each={props.executor.jobs}>{(job) => <p class="small wrap">{words().kinds[job.kind]}<Show when={job.database_id !== null}> · <A href={`/databases/${job.database_id}`}>{job.database_name}</A></Show></p>}</For>
      </td>
      <td class="end dim" data-label={words().seen}><Ago at={props.executor.last_seen_at} /></td>
    </tr>
  );
}

/** What can be dumped from here, what cannot, and with which programs. */
function Programs(props: { clients: Executor["clients"] }) {
  const words = () => t().executors;
  const reach = () => reachOf(props.clients);
  return (
    <div class="executors-programs">
      <Show when={reach().postgresql} fallback={<Badge tone="warn" title={words().lacks.postgresql}>{words().lacksPostgres}</Badge>}>{(major) => <span>{words().upTo(major())}</span>}</Show>
      <Show when={reach().family} fallback={<Badge tone="warn" title={words().lacks.family}>{words().lacksFamily}</Badge>}><span>MySQL, MariaDB</span></Show>
      <Show when={props.clients.length > 0}>
        <details><summary class="small">{words().programs(props.clients.length)}</summary><p class="small dim wrap">{f().list(props.clients.map(({ name, version }) => `${name} ${version}`))}</p></details>
      </Show>
    </div>
  );
}
