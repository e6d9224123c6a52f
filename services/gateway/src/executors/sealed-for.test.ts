import { CONNECTION_CONTEXT, IDENTITY_CONTEXT, Secrets, STORAGE_CONTEXT } from "@safebase/runtime";
import { expect, test } from "vitest";
import { sealedFor } from "./sealed-for.ts";

const master = new Secrets(Buffer.alloc(32, 1));

test("what the master key sealed in a message is opened by the key of the group alone", () => {
  const message = {
    connection: { host: "h", password_sealed: master.seal("p", CONNECTION_CONTEXT) }, identities_sealed: master.seal("i", IDENTITY_CONTEXT),
    storages: [{ name: "s", config_sealed: master.seal("{}", STORAGE_CONTEXT) }, { name: "local", config_sealed: null }], at: new Date(0).toISOString(),
  };
  const { connection, identities_sealed, storages, ...rest } = sealedFor(master, "east", message);
  const east = master.forGroup("east");
  expect([east.open(connection.password_sealed, CONNECTION_CONTEXT), east.open(identities_sealed, IDENTITY_CONTEXT), east.open(storages[0]!.config_sealed!, STORAGE_CONTEXT)])
    .toEqual(["p", "i", "{}"]);
  expect({ ...rest, host: connection.host, local: storages[1] }).toEqual({ at: message.at, host: "h", local: { name: "local", config_sealed: null } });
  for (const other of [master, master.forGroup("west")]) expect(() => other.open(connection.password_sealed, CONNECTION_CONTEXT)).toThrow("another master key");
});

test("what another master key sealed stays as it is", () => {
  const sealed = new Secrets(Buffer.alloc(32, 2)).seal("p", CONNECTION_CONTEXT);
  expect(sealedFor(master, "east", { password_sealed: sealed })).toEqual({ password_sealed: sealed });
});
