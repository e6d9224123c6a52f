import { createSignal, Show } from "solid-js";
import { ApiError } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Problem } from "../../ui/problem.tsx";
import type { ChannelTest } from "./types.ts";
import "./tested.css";

/** A message sent to try a channel. `tell`: whether a refusal stands at a field already. */
export function createTest(send: () => Promise<ChannelTest | undefined>, tell: (error: unknown) => boolean = () => false) {
  const [busy, setBusy] = createSignal(false);
  const [result, setResult] = createSignal<ChannelTest>();
  const [error, setError] = createSignal<unknown>();
  const forget = (): void => { setResult(undefined); setError(undefined); };
  const run = async (): Promise<void> => {
    forget();
    setBusy(true);
    try {
      setResult(await send());
    } catch (thrown) {
      if (!tell(thrown)) setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, result, error, forget, start: () => { if (!busy()) void run(); } };
}

export type Test = ReturnType<typeof createTest>;

const took = (ms: number): string => (ms < 1000 ? `${f().number(Math.round(ms))} ms` : f().duration(ms));

/** What the other side said to it. */
export function Tested(props: { test: Test }) {
  const words = () => t().alerts.test;
  const refusal = () => { const now = props.test.result(); return now?.ok === false ? new ApiError(now.code, now.error, now.hint) : props.test.error(); };
  const taken = () => { const now = props.test.result(); return now?.ok === true ? now : undefined; };
  return (
    <div role="status" class="tested-channel">
      <Show when={props.test.busy()}><p class="row dim"><span class="spinner" />{words().sending}</p></Show>
      <Show when={taken()}>{(now) => (
        <p class="taken"><Icon name="check" size={18} /><span class="wrap"><span class="strong">{words().taken}</span> <span lang="en">{now().answer}</span> <span class="dim">· {took(now().elapsed_ms)}</span></span></p>
      )}</Show>
      <Show when={refusal()}>{(error) => <Problem title={words().refused} error={error()} />}</Show>
    </div>
  );
}
