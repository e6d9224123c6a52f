import { createSignal, type Accessor } from "solid-js";
import { ApiError } from "../api/client.ts";

export interface Submit {
  readonly busy: Accessor<boolean>;
  /** What it was refused with, unless that stands at a field. */
  readonly loose: Accessor<unknown>;
  /** What the API said against this field. */
  readonly refused: (field: string) => string | undefined;
  run(send: () => Promise<void>): (event: SubmitEvent) => void;
}

/** Sends what is more than lines of text; a refusal such as "jitter_s must be …" or "cron: …" stands at the first of `fields` that it names. */
export function createSubmit(fields: readonly string[]): Submit {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  const named = (): string | undefined => {
    const thrown = error();
    const known = thrown instanceof ApiError && (thrown.code === "bad_request" || thrown.code === "not_found" || thrown.code === "conflict");
    const path = known ? /^(?:schedule\.)?([a-z_]+)(?=\.|:| (?:must|is|are|may)\b)/.exec(thrown.message)?.[1] : undefined;
    return fields.find((field) => field === path);
  };
  const send = async (wanted: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await wanted();
    } catch (thrown) {
      setError(thrown);
      const field = named();
      if (field !== undefined) queueMicrotask(() => document.querySelector<HTMLElement>(`[name="${field}"]`)?.focus());
    } finally {
      setBusy(false);
    }
  };
  return {
    busy, loose: () => (named() === undefined ? error() : undefined),
    refused: (field) => (named() === field && error() instanceof Error ? (error() as Error).message : undefined),
    run: (wanted) => (event) => {
      event.preventDefault();
      if (!busy()) void send(wanted);
    },
  };
}
