import { createSignal, onCleanup, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { createForm, filled } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import type { Executor, JoinToken, MadeJoinToken } from "./types.ts";

type Life = "900" | "3600" | "86400";
const LIVES: readonly Life[] = ["900", "3600", "86400"];
/** While somebody stands at the other machine. */
const EVERY_MS = 2_000;

/** Makes a join token, shows it and its command once, and waits for the machine. */
export function Join(props: { known: readonly Executor[]; tokens: readonly JoinToken[]; again: () => void; onClose: () => void }) {
  const [made, setMade] = createSignal<MadeJoinToken>();
  const before = new Set(props.known.map(({ id }) => id));
  return (
    <Dialog title={t().executors.joinTitle} onClose={() => props.onClose()} wide>
      <Show when={made()} fallback={<Form onMade={(token) => { setMade(token); props.again(); }} onClose={() => props.onClose()} />}>{(token) => (
        <div class="stack">
          <div class="executors-step"><p class="strong">{t().executors.command}</p><CopyText label={t().executors.command} text={token().command} /><p class="dim small">{t().executors.commandHint}</p></div>
          <div class="executors-step"><p class="strong">{t().executors.token}</p><CopyText label={t().executors.token} text={token().join_token} /><p class="dim small">{t().executors.tokenHint}</p></div>
          <Waiting token={token().token} tokens={props.tokens} arrived={props.known.find((each) => each.group === token().token.group && each.state === "alive" && !before.has(each.id))} again={props.again} />
          <div class="dialog-actions"><Button look="main" onClick={() => props.onClose()}>{t().executors.done}</Button></div>
        </div>
      )}</Show>
    </Dialog>
  );
}

function Waiting(props: { token: JoinToken; tokens: readonly JoinToken[]; arrived: Executor | undefined; again: () => void }) {
  const words = () => t().executors;
  const timer = setInterval(() => { if (props.arrived === undefined) props.again(); }, EVERY_MS);
  onCleanup(() => clearInterval(timer));
  const host = (): string | undefined => props.tokens.find(({ id }) => id === props.token.id)?.used_host ?? undefined;
  return (
    <p role="status" class="row">
      <Show when={props.arrived} fallback={<><span class="spinner" /><span>{host() === undefined ? words().waiting : words().hasKeys(host() ?? "")}</span></>}>
        {(executor) => <Badge tone="good">{words().arrived(executor().host)}</Badge>}
      </Show>
    </p>
  );
}

function Form(props: { onMade: (made: MadeJoinToken) => void; onClose: () => void }) {
  const words = () => t().executors;
  const form = createForm({ group: "" }, { group: filled });
  const [life, setLife] = createSignal<Life>("3600");
  const make = async ({ group }: { group: string }): Promise<void> => {
    props.onMade(await ask(api.executors["join-tokens"].$post({ query: {}, json: { group: group.trim(), ttl_s: Number(life()) } })));
  };
  return (
    <form class="stack" noValidate onSubmit={form.submit(make)}>
      <p class="dim">{words().joinText}</p>
      <TextField label={words().group} hint={words().groupHint} required placeholder="branch-office" {...form.field("group")} />
      <SelectField name="ttl_s" label={words().life} value={life()} options={LIVES.map((value) => ({ value, label: words().lives[value] }))} onChange={setLife} />
      <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
      <div class="dialog-actions"><Button onClick={() => props.onClose()}>{t().form.cancel}</Button><Button type="submit" look="main" busy={form.busy()}>{words().make}</Button></div>
    </form>
  );
}
