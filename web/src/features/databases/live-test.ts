import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { TestResult } from "../../api/types.ts";
import { connectionOf, groupOf, type ConnectionForm } from "./connection.ts";

/** So long nothing is typed any more: servers count wrong passwords, and half of one is wrong. */
const TYPED_MS = 1_500;
const PASTED_MS = 250;

/** How the server of a connection that is being typed answers. */
export interface LiveTest {
  readonly testing: Accessor<boolean>;
  readonly result: Accessor<TestResult | undefined>;
  /** Why nobody could ask. */
  readonly error: Accessor<unknown>;
  readonly start: () => void;
  readonly cancel: () => void;
}

/** Asks as soon as there is enough to ask with; a change makes an answer, and a question that is under way, void. */
export function createLiveTest(form: ConnectionForm): LiveTest {
  const [testing, setTesting] = createSignal(false);
  const [result, setResult] = createSignal<TestResult>();
  const [error, setError] = createSignal<unknown>();
  let asked: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const cancel = (): void => { clearTimeout(timer); asked?.abort(); asked = undefined; setTesting(false); };
  const start = (): void => { cancel(); setResult(undefined); setError(undefined); asked = new AbortController(); void run(asked); };
  const run = async (mine: AbortController): Promise<void> => {
    setTesting(true);
    try {
      const answer = await ask(api.databases.test.$post({ query: {}, json: { ...connectionOf(form.values()), ...groupOf(form.values()) } }, { init: { signal: mine.signal } }));
      if (mine === asked) setResult(answer);
    } catch (thrown) {
      if (mine === asked && !form.tell(thrown)) setError(thrown);
    }
    if (mine === asked) setTesting(false);
  };
  const complete = (): boolean => { const { host, username, password, db_name } = form.values(); return [host, username, password, db_name].every((value) => value.trim() !== ""); };
  const what = createMemo(() => JSON.stringify([connectionOf(form.values()), groupOf(form.values())]));
  createEffect(on(what, () => {
    cancel();
    setResult(undefined);
    setError(undefined);
    if (complete()) timer = setTimeout(start, form.pasted() ? PASTED_MS : TYPED_MS);
  }, { defer: true }));
  onCleanup(cancel);
  return { testing, result, error, start, cancel };
}
