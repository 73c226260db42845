/** Throw-away certificates made by openssl for one test: a CA, a broker for 127.0.0.1, a client. Never kept. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathOf } from "../support/peers.ts";

export interface Certificates {
  /** Paths of PEM files. */
  ca: string;
  broker: { cert: string; keyFile: string };
  client: { cert: string; keyFile: string };
}

export function makeCertificates(folder: string): Certificates {
  const openssl = (...args: string[]): void => {
    const done = spawnSync(pathOf("openssl"), args, { cwd: folder, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`openssl ${args[0]}: ${done.stderr}`);
  };
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const days = ["-days", "2"];
  openssl(
    "req",
    "-x509",
    ...curve,
    ...days,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=ca",
  );
  const issue = (name: string, extensions: string): { cert: string; keyFile: string } => {
    writeFileSync(join(folder, `${name}.ext`), extensions);
    openssl(
      "req",
      ...curve,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/CN=${name}`,
    );
    const ca = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
    const files = ["-in", `${name}.csr`, "-out", `${name}.pem`, "-extfile", `${name}.ext`];
    openssl("x509", "-req", ...files, ...ca, ...days);
    return { cert: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
  };
  return {
    ca: join(folder, "ca.pem"),
    broker: issue("broker", "subjectAltName=IP:127.0.0.1"),
    client: issue("gw", "extendedKeyUsage=clientAuth"),
  };
}
