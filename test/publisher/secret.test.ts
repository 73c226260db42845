/** Files with secrets: read whole, trimmed of one newline, warned about when open to all, never quoted. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endpointOf } from "../../agent/publisher/endpoint.ts";
import { readSecrets } from "../../agent/publisher/secret.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "secret-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NONE = { passwordFile: null, ca: null, cert: null, keyFile: null };
const write = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
};

test.each([
  ["pass", "pass"],
  ["pass\n", "pass"],
  ["pass\r\n", "pass"],
  ["pass\n\n", "pass\n"],
  [" pass word ", " pass word "],
])("%j is the password %j", async (text, password) => {
  const secrets = await readSecrets({ ...NONE, passwordFile: write("p", text) });
  expect(secrets.password).toBe(password);
  expect(secrets.exposed).toEqual([]);
});

test("nothing configured is nothing read", async () => {
  expect(await readSecrets(NONE)).toEqual({ exposed: [] });
});

test("a missing, empty or unreadable file is a fault that names the path", async () => {
  const missing = join(folder, "none");
  const found = await readSecrets({ ...NONE, keyFile: missing }).catch((fault: unknown) => fault);
  expect(found).toMatchObject({ code: "MQTT_SECRET", message: expect.stringContaining(missing) });
  const empty = write("empty", "\n");
  await expect(readSecrets({ ...NONE, passwordFile: empty })).rejects.toMatchObject({
    code: "MQTT_SECRET",
  });
  await expect(readSecrets({ ...NONE, ca: folder })).rejects.toMatchObject({ code: "MQTT_SECRET" });
});

test("private files that all may read are told, public ones are not, contents never", async () => {
  const passwordFile = write("p", "hunter2", 0o644);
  const keyFile = write("k", "hunter3", 0o604);
  const ca = write("c", "public", 0o644);
  const { exposed } = await readSecrets({ ...NONE, passwordFile, keyFile, ca });
  expect(exposed.map(({ context }) => context["path"]).sort()).toEqual([keyFile, passwordFile]);
  expect(inspect(exposed, { depth: 9 })).not.toContain("hunter");
});

test.each([
  ["mqtt://broker", { secure: false, host: "broker", port: 1883 }],
  ["mqtt://127.0.0.1:1884", { secure: false, host: "127.0.0.1", port: 1884 }],
  ["mqtts://broker.example.com", { secure: true, host: "broker.example.com", port: 8883 }],
  ["mqtts://[::1]:8884", { secure: true, host: "::1", port: 8884 }],
])("%s", (url, endpoint) => {
  expect(endpointOf(url)).toEqual(endpoint);
});

test.each(["http://broker", "broker:1883", "mqtt://", "", "mqtt://user:hunter2@broker"])(
  "%s is no broker, and no password is repeated",
  (url) => {
    const fault = (() => {
      try {
        return endpointOf(url);
      } catch (error) {
        return error;
      }
    })();
    expect(fault).toMatchObject({ code: "CONFIG_INVALID" });
    expect(inspect(fault)).not.toContain("hunter2@");
  },
);
