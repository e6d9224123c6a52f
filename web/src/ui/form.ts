import { createSignal, type Accessor } from "solid-js";
import { ApiError } from "../api/client.ts";
import { t } from "../i18n/i18n.ts";
import { saidOf } from "../i18n/said.ts";
import { fieldOf } from "./field-of.ts";

/** Why a value does not do, or nothing. */
type Check = (value: string) => string | undefined;

export const filled: Check = (value) => (value.trim() === "" ? t().form.needed : undefined);
export const email: Check = (value) => filled(value) ?? (/^\S+@\S+\.\S+$/.test(value.trim()) ? undefined : t().form.email);
export const longEnough: Check = (value) => filled(value) ?? (value.length < 8 ? t().form.short : undefined);

export interface Form<V extends Record<string, string>> {
  readonly values: Accessor<V>;
  readonly busy: Accessor<boolean>;
  /** What the last try was refused with. */
  readonly error: Accessor<unknown>;
  /** The same, unless it stands at its field. */
  readonly loose: Accessor<unknown>;
  /** The props of a field's control. */
  field(name: keyof V & string): { name: string; readonly value: string; readonly error: string | undefined; onInput(value: string): void };
  set(name: keyof V & string, value: string): void;
  /** Checks, and brings the reader to the first field that does not do. */
  valid(): boolean;
  /** Tells what a try besides that of the form was refused with, at its field, without moving the reader; true when it has one. */
  tell(error: unknown): boolean;
  submit(send: (values: V) => Promise<void>): (event: SubmitEvent) => void;
}

/** Values that stay as typed whatever becomes of them; what the API refuses is told at the field that it names. */
export function createForm<V extends Record<string, string>>(initial: V, checks: Partial<Record<keyof V & string, Check>>): Form<V> {
  const [values, setValues] = createSignal<V>(initial);
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  const [wrong, setWrong] = createSignal<Record<string, string>>({});
  const names = Object.keys(initial);

  const set = (name: keyof V & string, value: string): void => {
    setValues((all) => ({ ...all, [name]: value }));
    if (wrong()[name] !== undefined) setError(undefined); // what was refused is not what stands there now
    setWrong((all) => Object.fromEntries(Object.entries(all).filter(([each]) => each !== name)));
  };
  const at = (thrown: unknown): Record<string, string> => {
    const field = thrown instanceof ApiError ? fieldOf(thrown, names) : undefined;
    return field === undefined ? {} : { [field]: saidOf(thrown) };
  };
  const refuse = (found: Record<string, string>): boolean => {
    setWrong(found);
    const first = names.find((name) => found[name] !== undefined);
    if (first === undefined) return false;
    queueMicrotask(() => document.querySelector<HTMLElement>(`[name="${first}"]`)?.focus());
    return true;
  };
  const valid = (): boolean => !refuse(Object.fromEntries(names.flatMap((name) => {
    const reason = checks[name]?.(values()[name] ?? "");
    return reason === undefined ? [] : [[name, reason]];
  })));
  const run = async (send: (values: V) => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await send(values());
    } catch (thrown) {
      setError(thrown);
      refuse(at(thrown));
    } finally {
      setBusy(false);
    }
  };
  return {
    values, busy, error, set, valid,
    loose: () => (Object.keys(wrong()).length > 0 ? undefined : error()),
    field: (name) => ({ name, get value() { return values()[name] ?? ""; }, get error() { return wrong()[name]; }, onInput: (value) => set(name, value) }),
    tell: (thrown) => { const found = at(thrown); setWrong((all) => ({ ...all, ...found })); return Object.keys(found).length > 0; },
    submit: (send) => (event) => {
      event.preventDefault();
      if (!busy() && valid()) void run(send);
    },
  };
}
