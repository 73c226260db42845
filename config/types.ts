/**
 * The configuration after templates, short forms and defaults have been resolved.
 * Generated from config/schema/*.json by `npm run docs`; do not edit.
 */

/** A decimal with a unit: us, ms, s, min, h or d. */
export type Duration = string;
/** A decimal with a unit: B, KiB, MiB, GiB (powers of 1024), kB, MB or GB (powers of 1000). */
export type Size = string;
/** Pieces per time: a decimal, a slash, and s, min, h or d. */
export type RateText = string;
/** A percentage from 0% to 100%. */
export type Percent = string;
/**
 * Days of the week: one, a range, or a list of both. Ranges include both ends and may cross the weekend (sat-mon).
 *
 * @minItems 1
 */
export type Days = string | string[];
/** One fieldbus connection. `driver` decides which other options it takes. */
export type Connection =
  ModbusTcpConnection | ModbusRtuConnection | ModbusRtuOverTcpConnection | GpioConnection;
/** The reason that is published with the condition: a fixed text, or the value of a point. */
export type Reason =
  | string
  | {
      /** The point whose value is the reason. */
      point?: string;
      /** A fixed text. */
      text?: string;
    };
/** A percentage, or a number of pieces, hours, or pieces per hour. */
export type Level = string | number;
/** An amount of money: a decimal with up to 6 places. */
export type Amount = string | number;
/** A percentage with a sign. */
export type SignedPercent = string;
/** One readable value. Which options it takes depends on the driver of its source's connection. */
export type Point = ModbusPoint | GpioPoint;
/** Zones of broad-band vibration: a name, or `{ ab: 1.4, bc: 2.8, cd: 4.5 }` in mm/s. The numbers behind the names are from general knowledge of ISO 20816-3, ISO 10816-1 and ISO 10816-7: check against your licensed copy. Zone C is a warning, zone D an alarm, a change of a quarter of boundary B/C an advisory. */
export type ZoneChoice =
  | string
  | {
      /** Boundary A/B, mm/s. */
      ab: number;
      /** Boundary B/C, mm/s. */
      bc: number;
      /** Boundary C/D, mm/s. */
      cd: number;
    };

/** The configuration of one gateway: where it stands, what it reads, and what it accounts for. */
export interface Config {
  /** Version of this format. */
  version: 1;
  /** The box that runs the agent, and where it stands. */
  gateway: Gateway;
  /** Where the time of the box comes from. */
  clock: ClockOptions;
  /** The journal and the outbox on disk. */
  store: StoreOptions;
  /** The broker that receives the records. */
  mqtt: MqttOptions;
  /** The local web view: machines, incidents and standing, live, with buttons for a technician. Without this section there is none. */
  page?: PageOptions;
  /** Fieldbus connections by id: a TCP endpoint, a serial bus, a GPIO chip. */
  connections: {
    /** One fieldbus connection. `driver` decides which other options it takes. */
    [k: string]: Connection;
  };
  /** Working calendars by id. */
  calendars: {
    /** When the assets that name it are scheduled. Outside shifts and on holidays time is `unscheduled`; breaks are `planned-stop`. */
    [k: string]: Calendar;
  };
  /** What is promised for incidents, by severity. Default: s1 (acknowledge 30min, respond 4h, restore 12h), s2 (1h, 8h, 24h), s3 (8h, 24h), s4 without limits, every hour covered. With the key, only those that it lists. */
  severities?: {
    /** What is promised for incidents of one severity. An incident keeps the terms it was opened with. */
    [k: string]: Severity;
  };
  /** The machines under contract, by id. */
  assets: {
    /** One machine: how it is read and how its time is accounted for. */
    [k: string]: Asset;
  };
  /** What was promised, by contract id. */
  contracts: {
    /** What was promised for some assets, and how it is judged. Evaluated on the gateway, from the journal, with its own settings. */
    [k: string]: Contract;
  };
}
/** The box that runs the agent, and where it stands. */
export interface Gateway {
  /** Names this agent in every record. Never reuse it for another box. */
  id: string;
  /** First level of the topic below the namespace. */
  enterprise: string;
  /** Second level of the topic below the namespace. */
  site: string;
  /** IANA zone of hours, shifts, days and months, such as Europe/Berlin. */
  timezone: string;
}
/** Where the time of the box comes from. */
export interface ClockOptions {
  /** `ntp`: windows become final only once the clock was synchronized after boot. `rtc`: the box has a battery-backed clock that is trusted without a network. */
  source: "ntp" | "rtc";
}
/** The journal and the outbox on disk. */
export interface StoreOptions {
  /** The SQLite file. Its directory also holds raw segments, heartbeat and the `seq` lease. */
  path: string;
  /** The SQLite file never grows beyond this. */
  maxSize: Size;
  raw: RawOptions;
  /** How long the per-minute aggregates of condition channels are kept. */
  aggregates: Duration;
  /** How long intervals, counts, windows and delivered records are kept. */
  retention: Duration;
  /** What gives way when raw segments and aggregates are gone and the file is still full. Undelivered records are never dropped silently: every dropped row is a numbered gap that is reported. */
  whenFull: "drop-oldest-acknowledged" | "stop-recording";
}
/** Every cycle as it entered the core, one segment per day. */
export interface RawOptions {
  /** The oldest segments are deleted beyond this. */
  maxSize: Size;
  /** Segments older than this are deleted; pinned minutes stay as long as the journal. */
  keep: Duration;
}
/** Acts by message, on the topic `…/_gateway/{gateway}/command`; answers on `…/command/answer`. Off by default: whoever may publish there may act. */
export interface CommandOptions {
  /** Listen to the command topic. */
  enabled: boolean;
  /**
   * Acts that are taken there; all others are refused.
   *
   * @minItems 1
   *
   * Items: What somebody may do or say: a step in the life of an incident, a statement about accounted time, a plan, a decision about a signal.
   */
  allow: (
    | "acknowledge"
    | "dispatch"
    | "respond"
    | "restore"
    | "verify"
    | "close"
    | "hold"
    | "release"
    | "open"
    | "attribute"
    | "reason"
    | "agree"
    | "dispute"
    | "scrap"
    | "plan"
    | "ideal"
    | "schedule"
    | "signal-acknowledge"
    | "signal-shelve"
    | "signal-unshelve"
    | "maintenance"
  )[];
  /** For whom messages speak. Where it is set, no message speaks for the other party; without it each message that states something must name its party. */
  as?: "supplier" | "customer";
}
/** The broker that receives the records. */
export interface MqttOptions {
  /** `mqtt://host:port` (default port 1883) or `mqtts://host:port` (TLS, default port 8883). Without it nothing is sent and records wait in the outbox. */
  url?: string;
  /** First level of every topic. */
  namespace: string;
  /** MQTT client id. Default: the gateway id. Two clients with one id throw each other out. */
  clientId: string;
  /** User name at the broker. */
  username?: string;
  /** A file that holds the password alone; one trailing line end is removed. */
  passwordFile?: string;
  /** PEM file with the certificate authority of the broker, for mqtts. Default: those of Node.js. */
  ca?: string;
  /** PEM file with the client certificate, for mqtts; needs `keyFile`. */
  cert?: string;
  /** PEM file with the private key of `cert`. */
  keyFile?: string;
  /** MQTT version, in quotes. `auto` tries 5 and falls back to 3.1.1. */
  protocol: "auto" | "3.1.1" | "5";
  /** A ping is sent after this much silence; whole seconds, 1s to 18h. */
  keepalive: Duration;
  /** Records that may be sent and not yet acknowledged. */
  window: number;
  /** A record that is not acknowledged by then forces a new connection. */
  ackDeadline: Duration;
  /** Acts by message, on the topic `…/_gateway/{gateway}/command`; answers on `…/command/answer`. Off by default: whoever may publish there may act. */
  commands?: CommandOptions;
}
/** The local web view: machines, incidents and standing, live, with buttons for a technician. Without this section there is none. */
export interface PageOptions {
  /** TCP port. */
  port: number;
  /** Address to listen on. One that the network can reach, such as 0.0.0.0, needs `passwordFile`. */
  host: string;
  /** A file that holds the password of the page alone; one trailing line end is removed. The page speaks HTTP, so put a TLS proxy before it where the network is not trusted. */
  passwordFile?: string;
}
/** One shift. It belongs to the date on which it starts. */
export interface Shift {
  /** Names the shift in its windows. */
  id: string;
  /** The days on which it starts. */
  days: Days;
  /** Local start. */
  start: string;
  /** Local end; at or before `start` it lies on the next day. */
  end: string;
  /**
   * Planned stops inside the shift.
   *
   * Items: A planned stop. A start before the shift's start lies on the next day.
   */
  breaks: Break[];
}
/** A planned stop. A start before the shift's start lies on the next day. */
export interface Break {
  /** Local start. */
  start: string;
  /** Local end. */
  end: string;
}
/** When the assets that name it are scheduled. Outside shifts and on holidays time is `unscheduled`; breaks are `planned-stop`. */
export interface Calendar {
  /** IANA zone of this calendar. Default: the gateway's `timezone`. */
  zone?: string;
  /** Where the business day and month begin. */
  dayStart: string;
  /**
   * The shifts of the week. They must not overlap.
   *
   * @minItems 1
   *
   * Items: One shift. It belongs to the date on which it starts.
   */
  shifts: Shift[];
  /**
   * Local dates on which no shift starts.
   *
   * Items: A local date.
   */
  holidays: string[];
}
/** What opens an incident: exactly one of `fault`, `microStops`, `signal`, `lostContact`. */
export interface IncidentRule {
  /** Names the rule in records. Default: the trigger, numbered if there are several. */
  id?: string;
  /** The machine is in `fault` for this long; 0s: at once. */
  fault?: Duration;
  /**
   * Only faults with one of these reasons.
   *
   * @minItems 1
   *
   * Items: A reason.
   */
  reasons?: (string | number)[];
  /** So many micro-stops within `within`. */
  microStops?: number;
  /** The span of `microStops`. After as long without one the incident counts as restored. */
  within?: Duration;
  /** A signal of at least this severity. */
  signal?: "advisory" | "warning" | "alarm";
  /** The machine cannot be read for this long, because of itself or its line. */
  lostContact?: Duration;
  /** Severity of the incident. Default: s1 for a fault, s2 for micro-stops, s3 for signals and lost contact. */
  severity?: string;
}
/** What is promised for incidents of one severity. An incident keeps the terms it was opened with. */
export interface Severity {
  /** Longest time from opening to acknowledgement. Without it there is no limit. */
  ackWithin?: Duration;
  /** Longest time from opening to the first response, remote or on site. */
  respondWithin?: Duration;
  /** Longest time from the begin of the fault until the machine is restored. */
  restoreWithin?: Duration;
  /** Whether limits count covered hours only, or every hour. */
  clock: "covered" | "calendar";
  /** Calendar of covered hours: its `scheduled` time. Without one all time is covered. */
  coverage?: string;
  /**
   * Steps when a limit nears or passes; each is published once. Default: at 80% and on breach.
   *
   * Items: One step of an escalation.
   */
  escalation?: EscalationStep[];
  /**
   * Reasons for which the clocks may be held, such as `no access`. Default: any.
   *
   * Items: A reason.
   */
  holdReasons: string[];
}
/** One step of an escalation. */
export interface EscalationStep {
  /** When: a share of the limit, so long before it passes, or once it has passed. */
  at: string;
  /** The limit it is about. Default: every limit of the severity. */
  of?: "acknowledge" | "respond" | "restore";
  /** Whom to tell; published as it is. */
  to?: string;
}
/** What proves a restoration, whichever comes first. Default: `stable: 10min`. */
export interface Verification {
  /** Good pieces since the machine is back. */
  pieces?: number;
  /** Producing for this long, all in all, without the fault coming back; for a signal or lost contact: this long without it. */
  stable?: Duration;
}
/** A change of the point to `on` is an act on the newest open incident that it fits. */
export interface Button {
  /** The point of the button: one that is true or false. */
  point: string;
  /** What it says. `respond`: a technician is on site; `open`: somebody calls for one. */
  act: "acknowledge" | "respond" | "restore" | "open";
  /** The value that means it. */
  on: boolean;
}
/** What opens an incident on the machine, and when it is over. `incidents: {}` takes all defaults; without the key there are none. */
export interface Incidents {
  /**
   * Of the rules with one trigger, in order, the first that fits applies. Default: `fault: 5min` and `lostContact: 30min`.
   *
   * @minItems 1
   *
   * Items: What opens an incident: exactly one of `fault`, `microStops`, `signal`, `lostContact`.
   */
  rules?: IncidentRule[];
  /** Severities of this machine alone; one of the same id replaces that of the plant whole. */
  severities?: {
    /** What is promised for incidents of one severity. An incident keeps the terms it was opened with. */
    [k: string]: Severity;
  };
  /** When the machine has to work: in `scheduled` time of its calendar, or always. Outside nothing is opened, and a fault that is on when scheduled time begins counts from there. */
  during: "scheduled" | "always";
  /** The machine is restored once it has stayed out of the fault this long, dated at the first sample; 0s: at once. */
  restoredAfter: Duration;
  /** What proves a restoration, whichever comes first. Default: `stable: 10min`. */
  verify?: Verification;
  /** Whether an incident closes when its restoration is verified, or only by an act. */
  close: "verified" | "by-hand";
  /** The same failure (asset and reason) this soon after closing is a repeat. */
  repeatWithin: Duration;
  /**
   * Push buttons and key switches on the machine that tell what somebody does.
   *
   * Items: A change of the point to `on` is an act on the newest open incident that it fits.
   */
  buttons: Button[];
}
/** One way into the machine. */
export interface Source {
  /** Id of a connection. */
  connection: string;
  /** Modbus unit id: 1 to 247 on a serial bus; 0 and 255 are in use with TCP devices. */
  unit?: number;
  /** Poll period, 10ms to 1d. */
  poll: Duration;
  /** A value stays fresh for holdLast × poll after its last good cycle. */
  holdLast: number;
  /** Notices a swapped or reprogrammed device. Without it only an identity saved by `identify --save` is watched. */
  guard?: Guard;
}
/** What must hold of the device, checked when it is reached and every so often: the identity, the canaries, and the `probe` of the asset's template. While it does not hold, all points of the source are bad (IDENTITY_MISMATCH). Modbus only. */
export interface Guard {
  /** Time between two checks. */
  every: Duration;
  identity?: Identity;
  /**
   * Registers that tell this device and its program from others.
   *
   * Items: A register that never changes: `read`, with one of `equals`, `in`, `between`.
   */
  canary: Canary[];
  /** Whether the `probe` of the asset's template must hold too. */
  probe: boolean;
}
/** What the device says of itself (Modbus 43/14), letter by letter; keys that are left out may be anything. Default: what `identify --save` has saved. */
export interface Identity {
  /** Vendor name (object 0). */
  vendor?: string;
  /** Product code (object 1). */
  product?: string;
  /** Revision (object 2). */
  version?: string;
}
/** A register that never changes: `read`, with one of `equals`, `in`, `between`. */
export interface Canary {
  /** The register, such as a product code or the checksum of the program. */
  read: ModbusPoint;
  /** The value it always has. */
  equals?: number | string | boolean;
  /**
   * The values it can have.
   *
   * @minItems 1
   *
   * Items: A value of a point: a number, text, true or false. Whole numbers beyond 2^53 keep every digit.
   */
  in?: (number | string | boolean)[];
  /**
   * The range it can have, both ends included.
   *
   * @minItems 2
   * @maxItems 2
   */
  between?: number[];
}
/** One condition rule. Without `when` it is always true. */
export interface Rule {
  /** The condition. */
  is:
    | "producing"
    | "idle"
    | "starved"
    | "blocked"
    | "setup"
    | "engineering"
    | "maintenance"
    | "fault"
    | "external-fault"
    | "off";
  /** The condition on points that makes the rule true. */
  when?: When;
  /** The reason that is published with the condition: a fixed text, or the value of a point. */
  reason?: Reason;
  /** Who answers for the time. */
  attribution?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** The rule must stay true this long; the change is then dated at the sample that first showed it. */
  for?: Duration;
}
/** A product and its ideal cycle: `idealCycle` or `idealRate`. */
export interface Recipe {
  /** Names the recipe in windows. The same id may occur again with another `validFrom`. */
  id: string;
  /** When the machine runs this recipe. Without it: always. */
  when?: When;
  /** Shortest sustainable time per piece. */
  idealCycle?: Duration;
  /** The same as a rate; rounded half-up to a whole microsecond per piece. */
  idealRate?: RateText;
  /** In force from this local date (gateway's zone, 00:00) or this RFC 3339 instant on. Default: always. */
  validFrom?: string;
}
/** One entry of the reason tree. All of `code`, `pattern` and `when` that are given must match; at least one is needed. */
export interface ReasonNode {
  /** What the rule's reason says: one code or text, or a list of them. */
  code?: (number | string) | (number | string)[];
  /** The same as a pattern: `*` stands for any text, `?` for one character. */
  pattern?: string;
  /** A condition on points; while it is undecided the entry does not match. */
  when?: When;
  /** The reason, from the general to the particular, such as `mechanical/hydraulics/pump`. */
  is: string;
  /** Which of the six big losses (Nakajima) its time is, in reports and in the value model of a contract; else the length of the stop and the condition say. */
  loss?: "breakdown" | "setup" | "minor-stop" | "reduced-speed" | "defect" | "start-up";
  /** Who answers for the time. */
  attribution?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
}
/** One machine: how it is read and how its time is accounted for. */
export interface Asset {
  /** Name for people. Default: the id. */
  name: string;
  /** Area of the site; a level of the topic. */
  area: string;
  /** Line of the area; a level of the topic. */
  line: string;
  /** A machine model from `templates/` beside the configuration, or of those that are shipped. Maps merge by key, lists are replaced whole, the asset wins. */
  template?: string;
  /** Ways into the machine, by id. `connection`, `unit`, `poll` and `holdLast` directly on the asset are short for `sources.main`. */
  sources: {
    /** One way into the machine. */
    [k: string]: Source;
  };
  /** Readable values, by id. */
  points: {
    /** One readable value. Which options it takes depends on the driver of its source's connection. */
    [k: string]: Point;
  };
  /**
   * What the machine does. In order: the first rule that is true wins, one that is undecided ends the walk (`unknown`).
   *
   * @minItems 1
   *
   * Items: One condition rule. Without `when` it is always true.
   */
  condition: Rule[];
  attribution: AttributionMap;
  /**
   * The reason tree: what the machine says of a stop, as a named reason with who answers for it and which of the six big losses it is. In order: the first entry that matches names the reason; without a match it stays as the machine gave it.
   *
   * Items: One entry of the reason tree. All of `code`, `pattern` and `when` that are given must match; at least one is needed.
   */
  reasons?: ReasonNode[];
  /** True while there is no order. Scheduled time is then `no-demand`; while the signal is not known there is demand. */
  noDemand?: When;
  /** When a planned stop begins while the machine is in a fault: `plan-first` plans the time from its begin on, `fault-first` leaves it scheduled until that fault ends. Default: `plan-first`. */
  overlap?: "plan-first" | "fault-first";
  counts?: Counts;
  /** Shortest sustainable time per piece, for a machine without recipes; the recipe is then called `default`. */
  idealCycle?: Duration;
  /** The same as a rate; rounded half-up to a whole microsecond per piece. */
  idealRate?: RateText;
  /**
   * Ideal cycle times by product. The first that matches wins; without a match pieces are `unassigned`.
   *
   * Items: A product and its ideal cycle: `idealCycle` or `idealRate`.
   */
  recipes: Recipe[];
  /** A shorter stop between two spans of producing is a micro-stop: a loss of performance, not of availability. At least twice the poll. */
  microStop: Duration;
  /** Id of a calendar. Without one the machine is always scheduled. */
  calendar?: string;
  /**
   * The spans that are published. Without a calendar there is no shift.
   *
   * @minItems 1
   */
  windows: ("hour" | "shift" | "day" | "month")[];
  /** What opens an incident, and when it is over. `incidents: {}` takes all defaults; without the key there are none. */
  incidents?: Incidents;
  /** Detectors of coming trouble: `auto` for every point with a kind, or a list of points. The lines of its sources are watched with it. They never alter accounted time. */
  signals: SignalRule[] | string;
}
/** Who answers for a condition, unless a rule or an annotation says otherwise. Default: `pending` for fault, maintenance and external-fault, `none` for all else. */
export interface AttributionMap {
  /** Who answers for the time. */
  producing?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  idle?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  starved?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  blocked?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  setup?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  engineering?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  maintenance?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  fault?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  "external-fault"?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  off?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
  /** Who answers for the time. */
  unknown?: "none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending";
}
/** The points that count pieces. */
export interface Counts {
  /** Point that counts every piece. */
  total: string;
  /** Point that counts good pieces. */
  good?: string;
  /** Point that counts rejects, instead of `good`. */
  reject?: string;
}
/** One promise with its two levels: target and minimum. */
export interface Outcome {
  /** What is measured. `throughput` is pieces per hour of loading; `repeat-rate` is better when lower. */
  metric:
    | "uptime"
    | "supplier-dependent-uptime"
    | "availability"
    | "oee"
    | "quality"
    | "throughput"
    | "good-pieces"
    | "run-hours"
    | "response"
    | "restore"
    | "repeat-rate";
  /** The level aimed at. Response and restore: 100% unless said. */
  target?: Level;
  /** The level below which the promise is broken. */
  minimum?: Level;
  /** Below this observed share of the loading time the verdict is `indeterminate`. Overrides the contract's. */
  minCoverage?: Percent;
  /** How unobserved time is judged; `bounds` decides only where both bounds agree. Overrides the contract's. `up`, `down` and `excluded` are older words. */
  unknown?: "bounds" | "exclude" | "as-up" | "as-down" | "up" | "down" | "excluded";
  /** Incidents: the severity it holds for; without, every one. */
  severity?: string;
  /** Response and restore: the longest time that keeps the promise. */
  limit?: Duration;
  /** Response and restore: covered hours only (unless said), or every hour. */
  clock?: "covered" | "calendar";
  /** Repeat rate: the same failure this soon after closing is a repeat; 30d unless said. */
  within?: Duration;
  /**
   * Adjustments of the fee by value. Without gaps; the lower edge belongs to the band.
   *
   * Items: An adjustment of the fee for values in `[from, to)`.
   */
  bands: Band[];
  /** A linear malus below a level. */
  malus?: Malus;
  /** A linear bonus above a level. */
  bonus?: Bonus;
  /** Share of the fee that is lost on top below the minimum; inside the malus's cap. */
  stepBelowMinimum?: Percent;
  /** What follows when periods in a row miss. */
  consecutiveMisses?: ConsecutiveMisses;
}
/** An adjustment of the fee for values in `[from, to)`. */
export interface Band {
  /** Lower edge, inside; without, no lower end. */
  from?: Level;
  /** Upper edge, outside; without, no upper end. */
  to?: Level;
  /** Share of the fee, negative in the customer's favor. */
  adjust: SignedPercent;
}
/** A linear malus. */
export interface Malus {
  /** Share of the fee per point: per percent, or per percent of the target for pieces and hours. */
  perPoint: Percent;
  /** Where it begins; the target unless said. */
  from?: Level;
  /** Share of the fee that it reaches at most. */
  cap?: Percent;
}
/** A linear bonus. */
export interface Bonus {
  /** Share of the fee per point: per percent, or per percent of the target for pieces and hours. */
  perPoint: Percent;
  /** Where it begins; the target unless said. */
  from?: Level;
  /** Share of the fee that it reaches at most. */
  cap?: Percent;
}
/** What follows from periods that miss in a row. */
export interface ConsecutiveMisses {
  /** How many in a row. */
  count: number;
  /** What follows, as published. */
  consequence: string;
}
/** Time that is not held against the supplier. Everything that is named must match; micro-stops and producing are never excluded. */
export interface Exclusion {
  /** Names it. */
  code: string;
  /** Conditions of the machine; without, any. */
  conditions: (
    | "producing"
    | "idle"
    | "starved"
    | "blocked"
    | "setup"
    | "engineering"
    | "maintenance"
    | "fault"
    | "external-fault"
    | "off"
    | "unknown"
  )[];
  /** Reasons as they are reported; without, any. */
  reasons: string[];
  /** Who answers for it; without, anybody. */
  attributions: ("none" | "supplier" | "customer" | "third-party" | "force-majeure" | "pending")[];
  /** What was planned; without, any that is part of the denominator. Planned maintenance is `planned-stop`. */
  schedules: ("scheduled" | "planned-stop" | "no-demand")[];
  /** Taken out of the denominator, or counted as available. */
  treatment: "remove" | "credit";
  /** At most so much per asset and period; the rest is downtime where the machine was down. */
  allowance?: Duration;
  /** Grants nothing in a plan that was entered later than this before its start. */
  notice?: Duration;
}
/** Who answers for a stop that is pending. */
export interface ContractAttributionRule {
  /** Conditions of the machine; without, any. */
  conditions: (
    | "producing"
    | "idle"
    | "starved"
    | "blocked"
    | "setup"
    | "engineering"
    | "maintenance"
    | "fault"
    | "external-fault"
    | "off"
  )[];
  /** Reasons as they are reported; without, any. */
  reasons: string[];
  /** Who answers for it. */
  is: "none" | "supplier" | "customer" | "third-party" | "force-majeure";
}
/** How much of its full capability a machine has. */
export interface Capability {
  /** Conditions of the machine; without, any. */
  conditions: (
    | "producing"
    | "idle"
    | "starved"
    | "blocked"
    | "setup"
    | "engineering"
    | "maintenance"
    | "fault"
    | "external-fault"
    | "off"
  )[];
  /** Reasons as they are reported; without, any. */
  reasons: string[];
  /** Capability, in steps of 0.1 %. */
  is: Percent;
}
/** The fee of a period: a base, and what was used. */
export interface Fees {
  /** ISO 4217 code. */
  currency: string;
  /** Digits of the minor unit: 2 for cents. */
  digits: number;
  /** Per whole period. */
  base?: Amount;
  /** Per good piece. */
  perGoodPiece?: Amount;
  /** Per run hour. */
  perRunHour?: Amount;
  /** Share of the fee that all maluses of a period reach at most. */
  liabilityCap?: Percent;
}
/** Fires when, inside `window` of scheduled time, `factor` times the even pace of the budget or `share` of it is spent. */
export interface BurnAlert {
  /** Times the even pace. */
  factor?: number;
  /** Share of the period's budget. */
  share?: Percent;
  /** Scheduled time that is looked back on. */
  window: Duration;
}
/** What losses of an asset cost. */
export interface ValueModel {
  /** Contribution of a good piece. */
  contributionPerGoodPiece?: Amount;
  /** Cost of an hour of breakdown. */
  costPerDownHour?: Amount;
}
/** What was promised for some assets, and how it is judged. Evaluated on the gateway, from the journal, with its own settings. */
export interface Contract {
  /**
   * Ids of the assets.
   *
   * @minItems 1
   */
  assets: string[];
  /** Number of the contract's text; raise it with every change. */
  revision: number;
  /** First local date it holds; without one it holds for all time that the gateway accounts, and from then on where it is added to one that runs. Contract years begin here. */
  effectiveFrom?: string;
  /** First local date it holds no longer. */
  effectiveTo?: string;
  /** The span over which the outcomes are judged. `year` is the contract year; `rolling` is judged every month over the last `months`. */
  period: "month" | "quarter" | "year" | "contract-year" | "rolling";
  /** Rolling: how many months. */
  months: number;
  /** A first period that is not whole: judged with its part of fee, allowances and quantities, or not at all. */
  firstPeriod: "prorate" | "skip";
  /** What outcomes in time divide by: every hour; shifts with breaks and planned stops; shifts without. */
  denominator: "calendar" | "scheduled" | "loading";
  /** Whether time without demand is part of that. */
  noDemand: "exclude" | "include";
  /** Whether setup is part of that. */
  setup: "loss" | "excluded";
  /** Shorter stops between two spans of producing are no downtime. Each asset's own unless said. */
  microStop?: Duration;
  /** Downtime counts from the machine's signal, or from when somebody was notified of the incident. */
  downtimeStart: "signal" | "notification";
  /** How unobserved time is judged; `bounds` decides only where both bounds agree. */
  unknown: "bounds" | "exclude" | "as-up" | "as-down" | "up" | "down" | "excluded";
  /** Below this observed share of the loading time every verdict is `indeterminate`. */
  minCoverage?: Percent;
  /** Several assets: sums of time and pieces, the mean of their values, or the mean by `weights`. */
  aggregation: "pooled" | "mean-of-assets" | "weighted";
  /** Weight by asset id, 1 unless said. */
  weights: {
    [k: string]: number;
  };
  rounding: Rounding;
  /**
   * Time that is not held against the supplier. The first that matches claims it.
   *
   * Items: Time that is not held against the supplier. Everything that is named must match; micro-stops and producing are never excluded.
   */
  exclusions: Exclusion[];
  attribution: ContractAttribution;
  /** Whether running with less capability is partial downtime. */
  degraded: "ignore" | "capability-weighted";
  /**
   * With which capability a machine runs; the first that matches. Full unless said. Waiting and micro-stops keep that of the running before them, unless others answer for them.
   *
   * Items: How much of its full capability a machine has.
   */
  capability: Capability[];
  /**
   * The promises.
   *
   * @minItems 1
   *
   * Items: One promise with its two levels: target and minimum.
   */
  outcomes: Outcome[];
  /** What is paid for a period, and what maluses and bonuses are shares of. */
  fees?: Fees;
  decides: Decides;
  /**
   * Shares of the downtime budget that raise an alert when they are spent.
   *
   * Items: A percentage from 0% to 100%.
   */
  budgetAlerts: Percent[];
  /**
   * Alerts on how fast the downtime budget goes, on scheduled time.
   *
   * Items: Fires when, inside `window` of scheduled time, `factor` times the even pace of the budget or `share` of it is spent.
   */
  burnAlerts: BurnAlert[];
  /** What losses cost, by asset id. */
  value: {
    /** What losses of an asset cost. */
    [k: string]: ValueModel;
  };
}
/** How a value is rounded, half-up. */
export interface Rounding {
  /** Places of a percentage, or of a number. */
  decimals: number;
  /** Rounded before it is held against levels and bands, or never. */
  stage: "before-band" | "none";
}
/** Who answers for what is pending. */
export interface ContractAttribution {
  /**
   * The first that matches answers.
   *
   * Items: Who answers for a stop that is pending.
   */
  rules: ContractAttributionRule[];
  /** Who answers for what nobody decided. */
  pendingResolvesTo: "supplier" | "customer" | "third-party" | "force-majeure";
}
/** Which party may decide a later correction; `both` need to agree, of `either` one is enough. */
export interface Decides {
  /** Who answers for a stop. */
  attribution: "supplier" | "customer" | "both" | "either";
  /** The reason of a stop. */
  reason: "supplier" | "customer" | "both" | "either";
  /** Late scrap. */
  counts: "supplier" | "customer" | "both" | "either";
  /** A corrected calendar. */
  schedule: "supplier" | "customer" | "both" | "either";
  /** A corrected ideal cycle. */
  ideal: "supplier" | "customer" | "both" | "either";
}
/** A Modbus TCP endpoint: one device, or a gateway with several units. */
export interface ModbusTcpConnection {
  /** The driver of this connection. */
  driver: "modbus-tcp";
  /** Host name or IP address. */
  host: string;
  /** TCP port. */
  port: number;
  /** Deadline of one request, and of connecting. */
  timeout: Duration;
  /** Most registers in one request; lower it for devices that refuse long reads. */
  maxRegisters: number;
  /** Most coils or discrete inputs in one request. */
  maxBits: number;
  /** Unused registers that a request may span to join two points (bits: eight times as many). 0 reads no address that is not configured. */
  gap: number;
}
/** A serial bus (RS-485, RS-232). */
export interface ModbusRtuConnection {
  /** The driver of this connection. */
  driver: "modbus-rtu";
  /** The serial device; prefer the stable name under /dev/serial/by-id/. */
  device: string;
  /** Bits per second. */
  baudRate: 300 | 600 | 1200 | 2400 | 4800 | 9600 | 14400 | 19200 | 38400 | 57600 | 115200 | 230400;
  /** Parity bit. */
  parity: "none" | "even" | "odd";
  /** Stop bits; the standard asks for 2 without parity. */
  stopBits: 1 | 2;
  /** Data bits; 8 unless said otherwise, with framing ascii 7. */
  dataBits?: 7 | 8;
  /** How frames look on the line. ASCII only for devices that cannot do RTU: its checksum is weak. */
  framing: "rtu" | "ascii";
  /** Pause between an answer and the next request; raise it for slow converters. The silence of 3.5 characters is kept in any case. */
  turnaround: Duration;
  /** Deadline of one request, and of connecting. */
  timeout: Duration;
  /** Most registers in one request; lower it for devices that refuse long reads. */
  maxRegisters: number;
  /** Most coils or discrete inputs in one request. */
  maxBits: number;
  /** Unused registers that a request may span to join two points (bits: eight times as many). 0 reads no address that is not configured. */
  gap: number;
}
/** RTU frames through a TCP serial server. */
export interface ModbusRtuOverTcpConnection {
  /** The driver of this connection. */
  driver: "modbus-rtu-over-tcp";
  /** Host name or IP address of the serial server. */
  host: string;
  /** TCP port of the serial line. */
  port: number;
  /** How frames look on the line. ASCII only for devices that cannot do RTU: its checksum is weak. */
  framing: "rtu" | "ascii";
  /** Pause between an answer and the next request; raise it for slow converters. The silence of 3.5 characters is kept in any case. */
  turnaround: Duration;
  /** Deadline of one request, and of connecting. */
  timeout: Duration;
  /** Most registers in one request; lower it for devices that refuse long reads. */
  maxRegisters: number;
  /** Most coils or discrete inputs in one request. */
  maxBits: number;
  /** Unused registers that a request may span to join two points (bits: eight times as many). 0 reads no address that is not configured. */
  gap: number;
}
/** A line of a GPIO chip. Edges come by themselves; the poll of its source is liveness and re-reading. */
export interface GpioPoint {
  /** The source of this asset that reads the point. */
  source: string;
  /** Name of the line, such as GPIO17, or its number on the chip. */
  line: string;
  /** True where a low level means on. */
  activeLow: boolean;
  /** A level counts once it has stood this long: contacts may bounce for less, and pulses and pauses must be at least twice as long. */
  debounce: Duration;
  /** Resistor of the input in the chip. Default: as the board has set it. */
  bias?: "pull-up" | "pull-down" | "disabled";
  /** The point counts pieces: it only rises, wraps at `modulus`, and may be reset. */
  counter?: Counter;
  /** Unit of measure, such as degC or kW; published as it is. */
  unit?: string;
  /** A note for people; the agent ignores it. */
  description?: string;
}
/** A GPIO chip of the gateway itself. */
export interface GpioConnection {
  /** The driver of this connection. */
  driver: "gpio";
  /** Label of the chip, such as pinctrl-rp1 (Pi 5) or pinctrl-bcm2711 (Pi 4). Chip numbers change between kernels. */
  chip: string;
  /** How lines are watched: `gpiomon`, the tools of Debian's gpiod with kernel time stamps, or `onoff`, sysfs, for kernels that still have it (lamps only: fast pulses are lost). Default: the tools where they are installed. */
  backend?: "gpiomon" | "onoff";
  /** Folder of gpiodetect, gpioinfo, gpioget and gpiomon. Default: the PATH. */
  tools?: string;
}
/** A condition on points. Exactly one of: `point` with one of `equals`, `in`, `above`, `below`, `between`, or with `bit` and `equals`; `counterMoving` with `within`; `all`; `any`; `not`; `lamp`. While a point it needs is stale it is undecided. */
export interface When {
  /** The point that is compared. */
  point?: string;
  /** True when the point has this value; with `bit`: true or false. */
  equals?: number | string | boolean;
  /**
   * True when the point has one of these values.
   *
   * @minItems 1
   *
   * Items: A value of a point: a number, text, true or false. Whole numbers beyond 2^53 keep every digit.
   */
  in?: (number | string | boolean)[];
  /** True when the point is greater than this. */
  above?: number;
  /** True when the point is less than this. */
  below?: number;
  /**
   * True when low ≤ point ≤ high.
   *
   * @minItems 2
   * @maxItems 2
   */
  between?: number[];
  /** Compares one bit of a whole number, 0 the least significant. */
  bit?: number;
  /** With above, below or between: once true it stays true until the point is this far past the limit, in the unit of the point. Default 0. */
  hysteresis?: number;
  /** A counter: true from an increment until `within` passed without one. */
  counterMoving?: string;
  /** With counterMoving: the longest time between two increments of a running machine. */
  within?: Duration;
  /**
   * True when every one is true.
   *
   * @minItems 1
   *
   * Items: A condition on points. Exactly one of: `point` with one of `equals`, `in`, `above`, `below`, `between`, or with `bit` and `equals`; `counterMoving` with `within`; `all`; `any`; `not`; `lamp`. While a point it needs is stale it is undecided.
   */
  all?: When[];
  /**
   * True when at least one is true.
   *
   * @minItems 1
   *
   * Items: A condition on points. Exactly one of: `point` with one of `equals`, `in`, `above`, `below`, `between`, or with `bit` and `equals`; `counterMoving` with `within`; `all`; `any`; `not`; `lamp`. While a point it needs is stale it is undecided.
   */
  any?: When[];
  /** True when it is false. */
  not?: When;
  /** Stack light: what each named point shows. Flashing is at least 2 edges in 2 s (0.5 to 5 Hz). */
  lamp?: {
    /** What the lamp shows. */
    [k: string]: "on" | "off" | "flashing";
  };
}
/** One point that is watched. Only `point` is needed; every other key is a knob with a default by kind. */
export interface SignalRule {
  /** The point that is watched: a number that measures, or with `kind: cycle-time` one that counts. */
  point: string;
  /** `auto`: all detectors of the kind. Otherwise this one alone, after the checks of the sensor, which always run: `drift` slow change against a learned baseline, `step` sudden change, `limit` fixed limits, `zone` vibration zones, `quality` the checks alone. */
  detector: "auto" | "drift" | "step" | "limit" | "zone" | "quality";
  /** What the point measures, where the point itself does not say. */
  kind?: "temperature" | "vibration-velocity" | "current" | "pressure" | "flow" | "cycle-time" | "other";
  /** Only samples taken in this condition count; clocks stand in all others. */
  while:
    | "producing"
    | "idle"
    | "starved"
    | "blocked"
    | "setup"
    | "engineering"
    | "maintenance"
    | "fault"
    | "external-fault"
    | "off";
  /** Time in that condition before samples count; a short stop costs only its own length again. Default: 1h for temperatures, 20min otherwise. Shorter: warm-up is mistaken for drift, many false alarms. */
  settle?: Duration;
  /** Alarm above this value, in the unit of the point. */
  high?: number;
  /** Warning above this value. */
  highWarning?: number;
  /** Alarm below this value. */
  low?: number;
  /** Warning below this value. */
  lowWarning?: number;
  /** A limit is left only when the value is back by this much. 0: a value at the limit is raised again and again. */
  hysteresis: number;
  /** A limit must be passed this long before it is raised, by running time. Ten times shorter: roughly every outlier is told. */
  limitFor: Duration;
  /** And the value must be back this long before it is cleared. */
  limitClear: Duration;
  /** The limits hold in every condition, also while the machine is off; their clocks never stand. */
  safety: boolean;
  zone?: ZoneChoice;
  /** The value that means failure; a drift towards it carries the time to it. Default: `high`, or `low`, or boundary C/D. */
  threshold?: number;
  /** Least size of a drift, in standard deviations of means over 5 h of running from day to day. Default: 3.7 for vibration, 4.4 for current, 4.7 for pressure, 5.3 otherwise. One less: about thirty times the false alarms, and told about a fifth earlier. */
  effect?: number;
  /** Decision limit of the CUSUM of 10-minute blocks with k = 1, in standard deviations. Below 10: a single odd hour is told. */
  cusum: number;
  /** Which way is wear. Default: up for vibration, both otherwise. One way alone halves the false alarms. */
  direction?: "both" | "up" | "down";
  /** Days with running that a baseline is learned from. Fewer: it has not seen a week, and weekends or weather are taken for drift. */
  learnDays: number;
  /** Farthest the baseline may follow by itself, in the unit of the point. Default: 3 standard deviations; with zones, a quarter of boundary B/C. Larger: fewer alarms about seasons, and slow wear is learned as normal. */
  budget?: number;
  /** A baseline for each recipe, the first four that are met; others are not judged. Default: only for cycle times. Learning takes as many times longer as there are recipes. */
  byRecipe?: boolean;
  /** Least size of a step, in standard deviations of single samples. One less: about ten times the false alarms. */
  stepSize: number;
  /** A step must stay this long. Shorter than three polls: outliers are told. */
  stepFor: Duration;
  /** Watch how the drive starts and coasts down (time to nine tenths, peak, area, time to stop), each start against those before; for a current, a speed or a power polled at 2s or faster. */
  starts: boolean;
  /** A value repeated to the bit for this long of running is stuck; longer where the point is known to rest, and at least ten polls. Shorter: coarse registers are called stuck. */
  stuck: Duration;
  /** Without a good sample for this long of running, while others arrive, the sensor is lost; at least five polls. */
  gap: Duration;
}
/** A value in the tables of a Modbus device. */
export interface ModbusPoint {
  /** The source of this asset that reads the point. */
  source: string;
  /** `coil` (function 1), `discrete` input (2), `holding` register (3), `input` register (4). */
  table: "coil" | "discrete" | "input" | "holding";
  /** Wire address, counted from 0: holding register 40001 of a manual is address 0. */
  address: number;
  /** How the words are read. `bool` for coils and discrete inputs, and for one `bit` of a register. */
  type:
    | "bool"
    | "int16"
    | "uint16"
    | "int32"
    | "uint32"
    | "int64"
    | "uint64"
    | "float16"
    | "float32"
    | "float64"
    | "bcd16"
    | "bcd32"
    | "string";
  /** Byte order, A being the most significant: ABCD big-endian, CDAB words swapped, BADC bytes swapped, DCBA both. 16-bit values: BADC and DCBA swap the two bytes. The eight-letter names say the same for 64-bit values. */
  order: "ABCD" | "DCBA" | "BADC" | "CDAB" | "ABCDEFGH" | "HGFEDCBA" | "BADCFEHG" | "GHEFCDAB";
  /** Bit of a register, 0 the least significant; only with type bool. */
  bit?: number;
  /** Registers of a string, two characters each; only with type string. */
  length?: number;
  /** The value is raw × scale + offset. */
  scale: number;
  /** Added after scaling, in the unit of the value. */
  offset: number;
  /** Raw values, before scaling, that the device uses for `not available`. `ones`: all bits of the value set (65535, or -1). */
  invalid: (number | string)[];
  /**
   * Lowest and highest value there can be, after scaling, both included. A value outside is bad (VALUE_RANGE).
   *
   * @minItems 2
   * @maxItems 2
   */
  range?: number[];
  /** Fastest the value can really move, in its unit per time, up or down; always at least for one poll. A value further from the last good one than that is bad (VALUE_STEP), until the time between allows for it. */
  maxStep?: RateText;
  /** For values that never rest: one that has not changed by a bit for this long is bad (VALUE_FROZEN) until it does. */
  frozen?: Duration;
  /** Unit of measure, such as degC or kW; published as it is. */
  unit?: string;
  /** The point counts pieces: it only rises, wraps at `modulus`, and may be reset. */
  counter?: Counter;
  /** What the point measures; picks detectors and defaults. `vibration-velocity` is r.m.s. velocity in mm/s, never acceleration. `cycle-time` on a point that counts pieces: the running time per piece, by recipe. Default: told from `unit` (degC, K, mm/s, A, bar, mbar, kPa, Pa, l/min, m3/h). */
  kind?: "temperature" | "vibration-velocity" | "current" | "pressure" | "flow" | "cycle-time" | "other";
  /** What the point explains of the others: how hard the machine works, how warm it is around it, the flow that its pressures depend on. `load` and `ambient` are not judged for drift themselves. Naming them is the best there is against false alarms. */
  role?: "load" | "ambient" | "flow";
  /** With `role: load`: the load at which thresholds are meant, for the time to them. Default: the usual load. */
  nominal?: number;
  /** `auto`: watch this point with the detectors of its kind. `off`: not even with `signals: auto` on the asset. */
  signal?: "auto" | "off";
  /**
   * Points of the machine whose trouble shows here as well, such as the coolant flow of a spindle temperature; they are watched, too. While one of them has an open signal, drift, step and start findings of this point are held back (`suppressed`, the evidence names the cause), and let go when they outlast it by 6 h of running. Limits and zones are always told. Fewer alarms for one cause; a second fault behind the first is told later.
   *
   * @minItems 1
   * @maxItems 8
   */
  upstream?: string[];
  /** A note for people; the agent ignores it. */
  description?: string;
}
/** The point counts pieces: it only rises, wraps at `modulus`, and may be reset. */
export interface Counter {
  /** The counter wraps from modulus - 1 to 0. Default: by the type (uint16 65536, uint32 4294967296, bcd16 10000, …). */
  modulus?: number | string;
  /** Fastest the counter can really move, in counts; a faster move is a jump, not production. */
  maxRate: RateText;
  /** Pieces per count. */
  pieces: number;
}
/** One document or page. */
export interface TemplateReference {
  /** Name of the manual, file or page. */
  title: string;
  /** Document number, edition or date. */
  edition?: string;
  /** Page, table or section. */
  place?: string;
  /** Where it was found. */
  url?: string;
  /**
   * The points it covers. Default: all.
   *
   * @minItems 1
   */
  points?: string[];
}
/** One device that the template was read from. */
export interface TemplateSeen {
  /** Product and firmware. */
  device: string;
  /** A local date. */
  date: string;
  /** Who compared the values with the device's display. */
  by: string;
}
/** One value that identifies the model: `point` or `read`, with one of `equals`, `in`, `between`. */
export interface TemplateCheck {
  /** A point of the template. */
  point?: string;
  /** A register that is no point, such as a product code. */
  read?: ModbusPoint;
  /** The value it always has. */
  equals?: number | string | boolean;
  /**
   * The values it can have.
   *
   * @minItems 1
   *
   * Items: A value of a point: a number, text, true or false. Whole numbers beyond 2^53 keep every digit.
   */
  in?: (number | string | boolean)[];
  /**
   * The range it plausibly has, both ends included.
   *
   * @minItems 2
   * @maxItems 2
   */
  between?: number[];
  /** What it is, for people. */
  note?: string;
}
/** A device at an instant. Addresses that are not listed do not exist. */
export interface TemplateFixture {
  /** Names it in reports and on the command line. */
  name: string;
  /** An earlier fixture: begins with its registers, levels and expectations, and is judged with its past (hysteresis, moving counters). */
  after?: string;
  /** Holding registers: words by wire address; a list fills consecutive addresses. */
  holding?: {
    /** @minItems 1 */
    [k: string]: number | number[];
  };
  /** Input registers, likewise. */
  input?: {
    /** @minItems 1 */
    [k: string]: number | number[];
  };
  /** Coils, 0 or 1. */
  coil?: {
    /** @minItems 1 */
    [k: string]: number | number[];
  };
  /** Discrete inputs, 0 or 1. */
  discrete?: {
    /** @minItems 1 */
    [k: string]: number | number[];
  };
  /**
   * GPIO: levels of lines as they change. The condition is judged at the last entry.
   *
   * @minItems 1
   *
   * Items: A change of GPIO levels.
   */
  lines?: TemplateLevels[];
  /** Values by point. Floats agree within a millionth. */
  expect: {
    /** A value of a point: a number, text, true or false. Whole numbers beyond 2^53 keep every digit. */
    [k: string]: number | string | boolean;
  };
  /** Points that must be bad, with the reason code. */
  bad: {
    /** A code of the error table. */
    [k: string]: string;
  };
  /** What the rules must say after the fixture has held for the longest `for` and two polls. */
  condition?:
    | "producing"
    | "idle"
    | "starved"
    | "blocked"
    | "setup"
    | "engineering"
    | "maintenance"
    | "fault"
    | "external-fault"
    | "off"
    | "unknown";
}
/** A change of GPIO levels. */
export interface TemplateLevels {
  /** Time since the fixture begins; ascending. */
  at: Duration;
  /** Electrical levels by name of the line, before `activeLow`. */
  set: {
    [k: string]: 0 | 1;
  };
}
/** One machine model: the part of an asset that all machines of the model share. The file name is the template's name. */
export interface Template {
  /** Version of this format. */
  version: 1;
  /** The machine model, and where its register map comes from. */
  description: string;
  /** Who makes it; `generic` for a method that is no product. */
  vendor?: string;
  /** Product names that the template is for. */
  products: string[];
  /** How far it can be trusted: `verified` on a device (see `tested`), transcribed `from-manual` of the maker, or `community` knowledge. */
  grade?: "verified" | "from-manual" | "community";
  /**
   * Where the registers and rules come from.
   *
   * Items: One document or page.
   */
  sources: TemplateReference[];
  /**
   * Devices that it was read from. `verified` needs one.
   *
   * Items: One device that the template was read from.
   */
  tested: TemplateSeen[];
  /** What a technician must check or set on the device. */
  caveats: string[];
  /**
   * What tells this model from others: all must hold. Used to identify devices and to notice a swapped or reprogrammed one.
   *
   * Items: One value that identifies the model: `point` or `read`, with one of `equals`, `in`, `between`.
   */
  probe: TemplateCheck[];
  /** Any keys of an asset. They are checked where the template is used. */
  asset: {};
  /** Keys of an asset that the template leaves open, as an asset might fill them in. Only `lint`, `test` and `simulate` use them. */
  example: {};
  /**
   * Registers of a device at an instant, and what must come out: the decode test and the simulator image in one.
   *
   * Items: A device at an instant. Addresses that are not listed do not exist.
   */
  fixtures: TemplateFixture[];
}
