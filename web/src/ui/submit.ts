import { createSignal, type Accessor } from "solid-js";
import { ApiError } from "../api/client.ts";

export interface Submit {
  readonly busy: Accessor<boolean>;
  /** What it was refused with, unless that stands at a field. */
  readonly loose: Accessor<unknown>;
  /** What the API said against this field. */
  readonly refused: (field: string) => string | undefined;
  /** What was refused has been changed since. */
  readonly forget: () => void;
  run(send: () => Promise<void>): (event: SubmitEvent) => void;
}

/** Sends what is more than lines of text; a refusal such as "jitter_s must be …" or "cron: …" stands at the first of `fields` that it names. */
export function createSubmit(fields: readonly string[]): Submit {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  const path = (): readonly string[] => {
    const thrown = error();
    const known = thrown instanceof ApiError && (thrown.code === "bad_request" || thrown.code === "not_found" || thrown.code === "conflict");
    return known ? /^(?:schedule\.)?([a-z_]+)(?:\.([a-z_]+))?(?=:|\.| (?:must|is|are|may)\b)/.exec(thrown.message)?.slice(1) ?? [] : [];
  };
  const named = (): string | undefined => fields.find((field) => field === path()[0]);
  const send = async (wanted: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await wanted();
    } catch (thrown) {
      setError(thrown);
      if (named() !== undefined) queueMicrotask(() => controlOf(path())?.focus());
    } finally {
      setBusy(false);
    }
  };
  return {
    busy, forget: () => setError(undefined), loose: () => (named() === undefined ? error() : undefined),
    refused: (field) => (named() === field && error() instanceof Error ? (error() as Error).message : undefined),
    run: (wanted) => (event) => {
      event.preventDefault();
      if (!busy()) void send(wanted);
    },
  };
}

/** The innermost that has a control: of "retention.daily" that of daily. */
function controlOf(path: readonly string[]): HTMLElement | undefined {
  return path.toReversed().flatMap((name) => document.querySelector<HTMLElement>(`[name="${name}"]`) ?? [])[0];
}
