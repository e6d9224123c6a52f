import { CONNECTION_CONTEXT, IDENTITY_CONTEXT, STORAGE_CONTEXT, type Secrets } from "@safebase/runtime";

/** The fields of messages to executors that hold something sealed. */
const SEALED: Readonly<Record<string, string>> = { password_sealed: CONNECTION_CONTEXT, config_sealed: STORAGE_CONTEXT, identities_sealed: IDENTITY_CONTEXT };

/**
 * A message to the executors of a group, with what the master key has sealed in it sealed for them instead: they hold
 * their group's key only, so that one that is stolen opens what was sent to its group and nothing else. What the master
 * key does not open stays as it is: whoever needs it is told.
 */
export function sealedFor<T>(secrets: Secrets, group: string, message: T): T {
  const theirs = secrets.forGroup(group);
  return JSON.parse(JSON.stringify(message), (name, value: unknown) => {
    const context = SEALED[name];
    return context !== undefined && typeof value === "string" && secrets.opens(value) ? theirs.seal(secrets.open(value, context), context) : value;
  }) as T;
}
