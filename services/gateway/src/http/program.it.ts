import { spawn } from "node:child_process";
import { once } from "node:events";
import { startNats, tempDir, until } from "@safebase/testing";
import { expect, it } from "vitest";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const SECRETS = ["first-s3cr3t-password", "second-s3cr3t-db", "third-s3cr3t-url"];

it("runs as a program, keeps every secret out of its log, and ends when told", async () => {
  await using nats = await startNats();
  await using dir = await tempDir("program");
  const env = {
    ...process.env, SAFEBASE_NATS_URL: nats.url, SAFEBASE_DATA_DIR: dir.path, SAFEBASE_PORT: "0", SAFEBASE_LOG_LEVEL: "trace",
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => { log += text; });
  try {
    const url = await until("its address", () => /"url":"([^"]+)"/.exec(log)?.[1]);
    const [password, db_password, url_password] = SECRETS;
    const post = async (path: string, body: string, token = "none"): Promise<string> => {
      const response = await fetch(url + path, { method: "POST", body, headers: { "content-type": "application/json", authorization: `Bearer ${token}` } });
      return response.text();
    };
    const registered = await fetch(`${url}/auth/register`, { method: "POST", body: JSON.stringify({ email: "a@example.org", password }), headers: { "content-type": "application/json" } });
    const { token } = await registered.json() as { token: string };
    const fields = { name: "x", type: "mysql", host: "127.0.0.1", port: 1, username: "u", password: db_password, db_name: "d" };
    const answers = [
      await post("/auth/login", JSON.stringify({ email: "b@example.org", password }), token),
      await post("/api/databases", `{"password": "${db_password}", broken`, token),
      await post("/api/databases", JSON.stringify(fields), token),
      await post("/api/databases", JSON.stringify({ ...fields, port: "x" }), token),
      await post("/api/databases/test", JSON.stringify(fields), token),
      await post("/api/databases", JSON.stringify({ name: "x", url: `mysql://u:${url_password}@h:x/d` }), token),
      await post("/api/databases", JSON.stringify({ name: "x", url: `mysql://u:${url_password}@h/d?sslmode=no` }), token),
      await post("/api/backups/database/1", "{}", token),
    ].join("\n");
    for (const secret of [...SECRETS, token]) {
      expect(log).not.toContain(secret);
      expect(answers).not.toContain(secret);
    }
    expect(log).toContain('"path":"/api/databases/test"'); // the requests themselves are in it
  } finally {
    child.kill("SIGTERM");
    const [code] = await once(child, "exit") as [number];
    expect(code).toBe(0);
  }
});
