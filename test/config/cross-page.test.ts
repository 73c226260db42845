/** The ways in for people: a page is never open to a network without a password, and commands are off by default. */
import { expect, test } from "vitest";
import { edited, linesOf, parse, problemsOf } from "./plant-text.ts";

const withPage = (page: string) => edited(["connections:\n", `page: ${page}\nconnections:\n`]);
const configOf = (text: string) => {
  const loaded = parse(text);
  if (!loaded.ok) throw new Error(linesOf(loaded.problems).join("\n"));
  return loaded.config;
};

test("without the sections there is neither page nor command topic", () => {
  const { page, mqtt } = configOf(edited());
  expect([page, mqtt.commands]).toEqual([undefined, undefined]);
});

test.each(["{}", "{ host: localhost }", '{ host: "::1", port: 80 }', "{ host: 127.0.0.2 }"])(
  "page %s needs no password",
  (page) => {
    expect(configOf(withPage(page)).page).toMatchObject({ port: expect.any(Number) });
  },
);

test.each(["0.0.0.0", '"::"', "10.0.0.9", "press-gateway", "127.0.0.1.example.org"])(
  "page on %s does",
  (host) => {
    const open = problemsOf(parse(withPage(`{ host: ${host} }`)));
    expect(linesOf(open)).toEqual([
      expect.stringMatching(
        /^plant\.yaml:4:9 page\.host is open to the network without a password \(add `passwordFile`/,
      ),
    ]);
    expect(configOf(withPage(`{ host: ${host}, passwordFile: page.pw }`)).page?.passwordFile).toBe(
      "page.pw",
    );
  },
);

test("a password in the file is refused as the secret that it is", () => {
  const lines = linesOf(
    problemsOf(parse(withPage("{ host: 0.0.0.0, password: x, passwordFile: p }"))),
  );
  expect(lines).toEqual([expect.stringContaining("page.password is a secret")]);
});

test("commands: what is left out is the careful choice", () => {
  const url = 'mqtt: { url: "mqtt://127.0.0.1:1883" }';
  const commands = (text: string) =>
    edited([url, `mqtt: { url: "mqtt://127.0.0.1:1883", commands: ${text} }`]);
  expect(configOf(commands("{}")).mqtt.commands).toEqual({
    enabled: false,
    allow: ["acknowledge", "dispatch", "respond", "restore"],
  });
  expect(linesOf(problemsOf(parse(commands("{ allow: [reboot], as: everybody }"))))).toEqual([
    expect.stringContaining("mqtt.commands.allow[0] must be one of acknowledge, dispatch"),
    expect.stringContaining("mqtt.commands.as must be one of supplier, customer"),
  ]);
});
