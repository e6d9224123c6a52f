import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./process.ts";

export interface Certificates { ca_path: string; cert_path: string; key_path: string }

/** A certificate authority of its own and a server certificate for loopback, or for other names, made with openssl. */
export function makeCertificates(dir: string, names = "DNS:localhost,IP:127.0.0.1"): Certificates {
  const file = (name: string) => join(dir, name);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  run(["openssl", "req", "-x509", ...key, "-days", "2", "-subj", "/CN=SafeBase test CA",
    "-keyout", file("ca.key"), "-out", file("ca.crt")]);
  run(["openssl", "req", ...key, "-subj", "/CN=localhost", "-keyout", file("server.key"), "-out", file("server.csr")]);
  writeFileSync(file("server.ext"), `subjectAltName=${names}\n`);
  run(["openssl", "x509", "-req", "-days", "2", "-in", file("server.csr"), "-extfile", file("server.ext"),
    "-CA", file("ca.crt"), "-CAkey", file("ca.key"), "-CAcreateserial", "-out", file("server.crt")]);
  return { ca_path: file("ca.crt"), cert_path: file("server.crt"), key_path: file("server.key") };
}
