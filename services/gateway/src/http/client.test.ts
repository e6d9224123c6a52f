import { testClient } from "hono/testing";
import { expect, it } from "vitest";
import { openTestApp } from "./app-fixture.ts";

it("the app's type is a client's type", async () => {
  await using test = await openTestApp();
  const token = await test.account("a@example.org");
  const client = testClient(test.app);
  const headers = { authorization: `Bearer ${token}` };
  const made = await client.api.databases.$post({ query: {}, json: { name: "shop", url: "postgres://u:p@db.example/shop" } }, { headers });
  if (made.status !== 201) throw new Error(await made.text());
  const { database } = await made.json();
  const id: number = database.id; // the type comes from the route's schema
  const got = await client.api.databases[":id"].$get({ param: { id: String(id) }, query: {} }, { headers });
  expect(await got.json()).toEqual({ database, warnings: [] });
});
