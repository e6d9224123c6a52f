import { For, Match, Show, Switch } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { BackupDetails, Check, Verification } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Ago } from "../../ui/time.tsx";
import { Said } from "../../ui/said.tsx";
import { StatusBadge } from "./status.tsx";

const NEWEST = "3";

/** How sure it is that a backup restores: the shield, and the newest test restores and checks. */
export function Proof(props: { backup: BackupDetails }) {
  const words = () => t().backup;
  const data = createData(() => String(props.backup.id), async (backup_id) => {
    const query = { backup_id, per_page: NEWEST };
    const [{ verifications }, { checks }] = await Promise.all([ask(api.verifications.$get({ query })), ask(api.checks.$get({ query }))]);
    return { verifications, checks };
  }, ["verification", "check"]);
  return (
    <Card title={words().proof} flush>
      <div class="shield-line"><Shield backup={props.backup} /></div>
      <ul class="lines-plain">
        <For each={data.value()?.verifications}>{(verification) => <TestRestore verification={verification} />}</For>
        <For each={data.value()?.checks}>{(check) => <OneCheck check={check} />}</For>
      </ul>
    </Card>
  );
}

function Shield(props: { backup: BackupDetails }) {
  const words = () => t().backup;
  const state = () => props.backup.integrity.state;
  return (
    <Switch fallback={<Line tone="none" icon="shield" title={words().unproved} text={words().unprovedText} />}>
      <Match when={state() === "damaged" || state() === "missing"}><Line tone="bad" icon="alert" title={state() === "missing" ? words().missing : words().damaged} text={words().lostText} /></Match>
      <Match when={props.backup.verified_at}>{(at) => <Line tone="good" icon="shieldCheck" title={words().proved} text={f().moment(at())} />}</Match>
      <Match when={state() === "good"}><Line tone="none" icon="shield" title={words().intact} text={words().unprovedText} /></Match>
    </Switch>
  );
}

function Line(props: { tone: "good" | "bad" | "none"; icon: "shield" | "shieldCheck" | "alert"; title: string; text: string }) {
  return <><span class={`shield tone-${props.tone}`}><Icon name={props.icon} size={26} /></span><div><p class="strong">{props.title}</p><p class="dim small">{props.text}</p></div></>;
}

function TestRestore(props: { verification: Verification }) {
  const words = () => t().backup;
  const found = (): string | undefined => {
    const { tables, rows } = props.verification;
    return tables === null || rows === null ? undefined : words().found(tables, f().number(rows));
  };
  return (
    <li class="proof-line">
      <span class="strong">{words().testRestore}</span><StatusBadge status={props.verification.status} /><span class="dim small"><Ago at={props.verification.finished_at ?? props.verification.created_at} /></span>
      <Show when={found()}>{(text) => <span class="dim small whole">{text()}<Show when={props.verification.duration_ms}>{(ms) => <> · {f().duration(ms())}</>}</Show></span>}</Show>
      <For each={props.verification.differences.slice(0, 5)}>{(each) => <span class="small whole wrap">{words().difference(each.table, each.expected_rows === null ? "–" : f().number(each.expected_rows), each.found_rows === null ? "–" : f().number(each.found_rows))}</span>}</For>
      <Show when={props.verification.error_msg}>{(text) => <span class="dim small whole wrap"><Said text={text()} /></span>}</Show>
    </li>
  );
}

function OneCheck(props: { check: Check }) {
  return (
    <li class="proof-line">
      <span class="strong">{t().backup.check}</span>
      <Show when={props.check.result} fallback={<StatusBadge status={props.check.status} />}>{(result) => <Badge tone={result() === "good" ? "good" : "bad"}>{t().backups.copyStates[result()]}</Badge>}</Show>
      <span class="dim small"><Ago at={props.check.finished_at ?? props.check.created_at} /></span>
      <Show when={props.check.error_msg}>{(text) => <span class="dim small whole wrap"><Said text={text()} /></span>}</Show>
    </li>
  );
}
