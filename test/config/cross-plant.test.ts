/** Gateway, store, broker, calendars, contracts and topics: message and place of each mistake. */
import { describe, expect, test } from "vitest";
import { edited, linesOf, marks, parse, problemsOf } from "./plant-text.ts";

type Edit = [old: string, text: string];
type Case = [name: string, edits: Edit[], expected: string];

const NIGHT = '{ id: night, days: mon-thu, start: "22:00", end: "06:00" }';
const mqtt = (text: string): Edit[] => [
  ['mqtt: { url: "mqtt://127.0.0.1:1883" }', `mqtt: ${text}`],
];
const store = (text: string): Edit[] => [["connections:\n", `store: ${text}\nconnections:\n`]];
const night = (text: string): Edit[] => [[`      - ${NIGHT}`, `      - ${text}`]];
const zone = (text: string): Edit[] => [["Europe/Berlin", text]];
const contract = (text: string): Edit[] => [
  ["connections:\n", `contracts:\n  c1: ${text}\nconnections:\n`],
];
const OUTCOMES = "period: month, outcomes: [{ metric: uptime, target: 97% }]";
const at = "calendars.two-shift";

const ERRORS: Case[] = [
  [
    "a zone with a typo",
    zone("¦Europe/Berln"),
    'gateway.timezone is not a time zone: "Europe/Berln" (did you mean `Europe/Berlin`?)',
  ],
  [
    "an offset",
    zone('¦"+02:00"'),
    'gateway.timezone is not a time zone: "+02:00" (such as Europe/Berlin or UTC)',
  ],
  [
    "a port in the host",
    [["host: 127.0.0.1,", 'host: ¦"10.0.0.9:5020",']],
    'connections.plc.host must be a host name or IP address, without its port, not "10.0.0.9:5020"',
  ],
  ["no keeping", store("{ raw: { keep: ¦0s } }"), "store.raw.keep must be at least 1h, not 0s"],
  ["no size", store("{ maxSize: ¦10kB }"), "store.maxSize must be at least 1MiB, not 10kB"],
  [
    "a size without unit",
    store("{ raw: { maxSize: ¦8 } }"),
    "store.raw.maxSize must be a size such as 64MiB or 4GiB, not the number 8",
  ],
  [
    "full",
    store("{ whenFull: ¦drop-oldest }"),
    'store.whenFull must be one of drop-oldest-acknowledged, stop-recording, not "drop-oldest"',
  ],
  [
    "a password",
    mqtt("{ url: mqtt://a, username: u, ¦password: x }"),
    "mqtt.password is a secret, and secrets are never in this file (write it to a file that only the agent may read and name that with `passwordFile`)",
  ],
  [
    "a password in the url",
    mqtt('{ url: ¦"mqtt://u:p@host" }'),
    "mqtt.url holds a secret, and secrets are never in this file (use `username` and `passwordFile`)",
  ],
  [
    "a private key",
    mqtt("{ url: mqtts://a, cert: c.pem, keyFile: k.pem, ¦key: x }"),
    "mqtt.key is a secret, and secrets are never in this file (write it to a file that only the agent may read and name that with `keyFile`)",
  ],
  [
    "no verification",
    mqtt("{ url: mqtts://a, ¦rejectUnauthorized: false }"),
    "mqtt.rejectUnauthorized is not a known key (the broker's certificate is always verified; name your certificate authority with `ca`)",
  ],
  [
    "another protocol",
    mqtt("{ url: ¦tcp://host:1883 }"),
    'mqtt.url must be a broker address such as mqtt://127.0.0.1:1883 or mqtts://broker.example:8883, not "tcp://host:1883"',
  ],
  [
    "an impossible port",
    mqtt("{ url: ¦mqtt://host:99999 }"),
    "mqtt.url is not an address (such as mqtt://127.0.0.1:1883)",
  ],
  [
    "a password for nobody",
    mqtt("{ url: mqtt://a, ¦passwordFile: p }"),
    "mqtt.passwordFile needs `username`",
  ],
  ["a certificate alone", mqtt("{ url: mqtts://a, ¦cert: c.pem }"), "mqtt.cert needs `keyFile`"],
  [
    "TLS files without TLS",
    mqtt("{ url: mqtt://a, ¦ca: c.pem }"),
    "mqtt.ca only goes with an mqtts:// url",
  ],
  [
    "the version as a number",
    mqtt("{ url: mqtt://a, protocol: ¦5 }"),
    "mqtt.protocol must be one of auto, 3.1.1, 5, not the number 5 (write it in quotes)",
  ],
  [
    "half seconds",
    mqtt("{ url: mqtt://a, keepalive: ¦1.5s }"),
    "mqtt.keepalive must be whole seconds, not 1.5s",
  ],
  [
    "a hasty deadline",
    mqtt("{ url: mqtt://a, ackDeadline: ¦10ms }"),
    "mqtt.ackDeadline must be at least 1s, not 10ms",
  ],
  [
    "two namespaces",
    mqtt("{ url: mqtt://a, namespace: ¦a/b }"),
    'mqtt.namespace must be an id of 1 to 32 lower-case letters, digits and hyphens, such as press-01, not "a/b"',
  ],
  [
    "overlap in a day",
    night('¦{ id: night, days: wed, start: "13:59", end: "15:00" }'),
    `${at}.shifts[1] overlaps shift early on wed at 13:59 (shifts of one calendar must not overlap)`,
  ],
  [
    "overlap over midnight",
    night('¦{ id: night, days: sun, start: "22:00", end: "06:01" }'),
    `${at}.shifts[1] overlaps shift early on mon at 06:00 (shifts of one calendar must not overlap)`,
  ],
  [
    "overlap inside",
    night('¦{ id: night, days: [sat, tue], start: "07:00", end: "08:00" }'),
    `${at}.shifts[1] overlaps shift early on tue at 07:00 (shifts of one calendar must not overlap)`,
  ],
  [
    "overlap with the next day's",
    night(
      '{ id: night, days: sun, start: "05:00", end: "06:00" }\n      - ¦{ id: x, days: sat, start: "06:00", end: "05:30" }',
    ),
    `${at}.shifts[2] overlaps shift night on sun at 05:00 (shifts of one calendar must not overlap)`,
  ],
  [
    "a break outside",
    night(
      '{ id: night, days: mon, start: "22:00", end: "06:00", breaks: [¦{ start: "06:00", end: "06:10" }] }',
    ),
    `${at}.shifts[1].breaks[0] the break 06:00 to 06:10 lies outside the shift (22:00 to 06:00)`,
  ],
  [
    "a break too long",
    night(
      '{ id: night, days: mon, start: "22:00", end: "06:00", breaks: [¦{ start: "05:00", end: "07:00" }] }',
    ),
    `${at}.shifts[1].breaks[0] the break 05:00 to 07:00 lies outside the shift (22:00 to 06:00)`,
  ],
  [
    "a break of nothing",
    night(
      '{ id: night, days: mon, start: "22:00", end: "06:00", breaks: [¦{ start: "23:00", end: "23:00" }] }',
    ),
    `${at}.shifts[1].breaks[0] the break 23:00 to 23:00 has no length`,
  ],
  [
    "two breaks at once",
    night(
      '{ id: night, days: mon, start: "22:00", end: "06:00", breaks: [{ start: "23:00", end: "23:20" }, ¦{ start: "23:10", end: "23:30" }] }',
    ),
    `${at}.shifts[1].breaks[1] the break 23:10 to 23:30 overlaps another break of the shift`,
  ],
  [
    "a day that is none",
    night('{ id: night, days: ¦mon-fry, start: "22:00", end: "06:00" }'),
    `${at}.shifts[1].days must be days such as mon, mon-fri or [mon, wed, fri], not "mon-fry"`,
  ],
  [
    "a time that is none",
    night('{ id: night, days: mon, start: ¦"24:00", end: "06:00" }'),
    `${at}.shifts[1].start must be a time of day such as "06:00", not "24:00"`,
  ],
  [
    "a holiday that is none",
    [
      ["2026-12-25", "2026-13-25"],
      ["holidays: [", "holidays: [¦"],
    ],
    `${at}.holidays[0] 2026-13-25 does not exist`,
  ],
  [
    "the zone of a calendar",
    [["    shifts:\n", "    zone: ¦Mars/Olympus\n    shifts:\n"]],
    `${at}.zone is not a time zone: "Mars/Olympus" (such as Europe/Berlin or UTC)`,
  ],
  [
    "an unknown calendar",
    [["calendar: two-shift", "calendar: ¦two-shifts"]],
    "assets.press-01.calendar there is no calendar two-shifts (did you mean `two-shift`?)",
  ],
  [
    "a contract for nothing",
    contract(`{ assets: [press-01, ¦press-02], ${OUTCOMES} }`),
    "contracts.c1.assets[1] there is no asset press-02 (did you mean `press-01`?)",
  ],
  [
    "a target above all",
    contract(
      "{ assets: [press-01], period: month, outcomes: [{ metric: uptime, target: ¦101% }] }",
    ),
    'contracts.c1.outcomes[0].target must be a level such as 97% or, for pieces and hours, 90000, not "101%"',
  ],
  [
    "two of everything",
    [["{ id: gw-1,", "{ id: gw-1, ¦id: gw-2,"]],
    "this key is defined twice (keep one of the two)",
  ],
];

describe("errors", () => {
  test.each(ERRORS)("%s", (_, edits, expected) => {
    const text = edited(...edits);
    expect(linesOf(problemsOf(parse(text)))).toEqual([`${marks(text)[0]} ${expected}`]);
  });

  test("ids that are fine one by one make a topic that is too long", () => {
    const long = "a".repeat(32);
    const text = edited(
      ["enterprise: acme, site: ulm", `enterprise: ${long}, site: ${long}`],
      ["area: press\n    line: l1", `area: ${long}\n    line: ${long}`],
      ["  press-01:", `  ¦${long}:`],
      ['{ url: "mqtt://127.0.0.1:1883" }', `{ url: "mqtt://127.0.0.1:1883", namespace: ${long} }`],
    );
    const [problem, ...others] = linesOf(problemsOf(parse(text)));
    expect(others).toEqual([]);
    expect(problem).toContain(`${marks(text)[0]} assets.${long} makes a topic of 211 bytes`);
  });
});

describe("what is fine", () => {
  test.each([
    ["an end at midnight", night('{ id: night, days: mon-thu, start: "22:00", end: "24:00" }')],
    ["shifts that touch", night('{ id: late, days: [mon-fri], start: "14:00", end: "22:00" }')],
    ["the whole week", night('{ id: night, days: sat-sun, start: "06:00", end: "06:00" }')],
    [
      "a break after midnight",
      night(
        '{ id: night, days: mon, start: "22:00", end: "06:00", breaks: [{ start: "23:50", end: "00:10" }, { start: "02:00", end: "02:30" }] }',
      ),
    ],
    ["UTC", zone("UTC")],
    ["a zone of three parts", zone("America/Argentina/Buenos_Aires")],
    ["TLS", mqtt("{ url: mqtts://a, username: u, passwordFile: p, ca: a, cert: c, keyFile: k }")],
  ])("%s", (_, edits) => {
    const loaded = parse(edited(...edits));
    expect(linesOf([...problemsOf(loaded), ...loaded.warnings])).toEqual([]);
  });
});

describe("warnings", () => {
  test("no broker", () => {
    const loaded = parse(edited(...mqtt("{}")));
    expect(linesOf(loaded.warnings)).toEqual([
      "plant.yaml:3:1 mqtt.url is missing: records stay in the outbox",
    ]);
  });
});
