import { createSignal, type Accessor } from "solid-js";
import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { createForm, filled, type Form } from "../../ui/form.ts";
import { MASKED, readConnection, shownConnection, type Fields } from "./connection-string.ts";

const EMPTY = { url: "", type: "postgresql", host: "", port: "", username: "", password: "", db_name: "", ssl_mode: "prefer", ssl_ca: "", name: "", executor_group: "" };

export type ConnectionValues = typeof EMPTY;
type Name = keyof ConnectionValues;

/** A connection as it is typed: the fields and the string say the same, whichever is touched. */
export interface ConnectionForm extends Form<ConnectionValues> {
  /** Of the pasted string, what has no use here. */
  readonly left_out: Accessor<readonly string[]>;
  /** Writes the string anew, the password masked. */
  readonly settle: () => void;
  /** Whether the last change was a whole string at once. */
  readonly pasted: Accessor<boolean>;
}

/** `initial`: what is known of it; the string follows. */
export function createConnection(initial: Partial<ConnectionValues> = {}): ConnectionForm {
  const form = createForm<ConnectionValues>({ ...EMPTY, ...initial }, {
    url: (value) => (value.trim() === "" || readConnection(value) !== undefined ? undefined : t().add.noString), host: filled, username: filled, db_name: filled, name: filled,
  });
  const [left_out, setLeftOut] = createSignal<readonly string[]>([]);
  const [pasted, setPasted] = createSignal(false);
  const [named, setNamed] = createSignal(initial.name !== undefined);
  const follow = (): void => { if (!named()) form.set("name", form.values().db_name); };

  const read = (text: string): void => {
    const whole = Math.abs(text.length - form.values().url.length) > 1; // typed strings are masked when they are left
    const found = readConnection(text);
    setLeftOut(found?.left_out ?? []);
    for (const [name, value] of Object.entries(found?.fields ?? {})) if (name !== "password" || !MASKED.test(value)) form.set(name as keyof Fields, value);
    form.set("url", whole && found !== undefined ? shownConnection(form.values()) : text);
    setPasted(whole);
    follow();
  };
  const set = (name: Name, value: string): void => {
    if (name === "url") return read(value);
    form.set(name, value);
    if (name === "name") setNamed(value !== "");
    else form.set("url", shownConnection(form.values()));
    setPasted(false);
    follow();
  };
  const settle = (): void => { if (readConnection(form.values().url) !== undefined) form.set("url", shownConnection(form.values())); };
  return { ...form, set, settle, left_out, pasted, field: (name) => ({ name, get value() { return form.field(name).value; }, get error() { return form.field(name).error; }, onInput: (value) => set(name, value) }) };
}

/** What was typed, as the API takes it: what was left empty has the API's default. */
export function connectionOf(typed: Omit<ConnectionValues, "name" | "url" | "executor_group">) {
  return {
    type: typed.type as Database["type"], host: typed.host.trim(), username: typed.username.trim(), db_name: typed.db_name.trim(), ssl_mode: typed.ssl_mode as Database["ssl_mode"],
    ...(typed.port.trim() === "" ? {} : { port: typed.port.trim() }), ...(typed.password === "" ? {} : { password: typed.password }),
    ...(asksForAuthority(typed.ssl_mode) && typed.ssl_ca.trim() !== "" ? { ssl_ca: typed.ssl_ca.trim() } : {}),
  };
}

/** Whose executors reach it; nothing where nobody has chosen. */
export function groupOf({ executor_group }: Pick<ConnectionValues, "executor_group">): { executor_group?: string } {
  return executor_group === "" ? {} : { executor_group };
}

/** Whether this mode looks at who signed the server's certificate. */
export const asksForAuthority = (ssl_mode: string): boolean => ssl_mode.startsWith("verify");
