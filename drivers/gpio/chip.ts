/**
 * One owner of one GPIO chip: keeps a watch on the lines of all its sources, begins it anew when it ends, and tells
 * sources what changed. Opens nothing before the first read. Knows no tools; that is the backend's.
 */
import type { FaultCode } from "../../agent/core/fault.ts";
import type {
  Connection,
  ConnectionHealth,
  DriverClock,
  PointOptions,
  Reading,
  SourceReader,
} from "../driver.ts";
import { type Alarm, newAlarm } from "./alarm.ts";
import type { Backend, LineEvents, WantedLine, Watch } from "./backend.ts";
import { parsePoint } from "./point.ts";
import { PointSet } from "./reader.ts";

/** A poll waits this long for a watch that is just being opened. */
const READ_MS = 2500;
/** A poll waits this long for lines that are bouncing. */
const SETTLE_MS = 250;
/** Waits between tries to watch, milliseconds; the last one goes on. A watch that held this long starts over. */
const RESPAWN_MS = [100, 250, 500, 1000, 1500] as const;
const HELD_MS = 10_000;

export class GpioChip implements Connection {
  readonly #backend: Backend;
  readonly #clock: DriverClock;
  readonly #alarm: Alarm;
  readonly #ending = new AbortController();
  readonly #closing: Promise<null>;
  readonly #sets: PointSet[] = [];
  readonly #health: ConnectionHealth = {
    state: "down",
    lastFailure: null,
    requests: 0,
    failures: 0,
    reconnects: 0,
  };
  #watch: Watch | null = null;
  #running: Promise<void> | null = null;
  /** The present try to watch, over once it has succeeded or failed. */
  #tried: Promise<void> = Promise.resolve();
  /** The wait before the next try, and when it is over. */
  #pause: Promise<void> = Promise.resolve();
  #pausedTo = 0;
  #rereadAt = 0;
  #rereading: Promise<void> | null = null;

  constructor(backend: Backend, clock: DriverClock) {
    this.#backend = backend;
    this.#clock = clock;
    this.#alarm = newAlarm(clock, () => this.#flush(false));
    this.#closing = new Promise((resolve) => {
      this.#ending.signal.addEventListener("abort", () => resolve(null));
    });
  }

  /** Sources are made before the first read: lines of later ones are not watched until the watch begins anew. */
  source(_id: string, _unit: number, options: PointOptions[]): SourceReader {
    const set = new PointSet(options.map(parsePoint));
    this.#sets.push(set);
    return {
      read: () => this.#read(set),
      edges: (listener) => set.listen(listener),
      plan: () =>
        set.points.map(({ id, line, counts }) => `${line}: ${id}${counts ? " (pulses)" : ""}`),
    };
  }

  health(): ConnectionHealth {
    const edgesLost = this.#sets.reduce((sum, { lost }) => sum + lost, 0);
    return { ...this.#health, edgesLost };
  }

  async close(): Promise<void> {
    this.#health.state = "closed";
    this.#ending.abort();
    this.#alarm.clear();
    await this.#running;
  }

  async #read(set: PointSet): Promise<Reading> {
    if (!this.#isClosed()) {
      this.#running ??= this.#run();
      if (this.#clock.now() >= this.#pausedTo) await this.#pause;
      await this.#atMost(READ_MS, this.#tried);
      await this.#reread();
      await this.#settle(set);
    }
    this.#flush(true);
    this.#health.requests += 1;
    if (this.#watch) return set.read(this.#clock.now());
    this.#health.failures += 1;
    return this.#failure(1);
  }

  /** Watches, and after each end watches again, until the connection is closed. */
  async #run(): Promise<void> {
    let tries = 0;
    while (!this.#isClosed()) {
      const began = this.#clock.now();
      let end: (reason: FaultCode) => void = () => {};
      const ended = new Promise<FaultCode>((resolve) => {
        end = resolve;
      });
      this.#tried = this.#open(end);
      await this.#tried;
      const watch = this.#watch;
      if (watch) {
        const reason = await Promise.race([ended, this.#closing]);
        await this.#rereading;
        await watch.close();
        this.#watch = null;
        if (reason !== null) this.#lost(reason);
      }
      tries = watch && this.#clock.now() - began > HELD_MS ? 0 : tries + 1;
      const wait = RESPAWN_MS[Math.min(tries, RESPAWN_MS.length - 1)] ?? 0;
      this.#pausedTo = this.#clock.now() + wait;
      this.#pause = this.#clock.sleep(wait, this.#ending.signal);
      await this.#pause;
    }
  }

  async #open(end: (reason: FaultCode) => void): Promise<void> {
    const hadFailed = this.#health.lastFailure !== null;
    this.#health.state = "connecting";
    const lines = this.#wanted();
    const signal = this.#ending.signal;
    const opened = await this.#backend.open(lines, this.#events(end), signal);
    if (typeof opened === "string") {
      if (!this.#isClosed()) this.#lost(opened);
      return;
    }
    this.#watch = opened;
    const done = new Map(lines.map(({ line, debounceMs }) => [line, debounceMs]));
    for (const set of this.#sets)
      set.debounced((line) => (opened.debounces ? (done.get(line) ?? 0) : 0));
    this.#rereadAt = this.#clock.now() + opened.rereadMs;
    if (this.#isClosed()) return;
    this.#health.state = "up";
    if (hadFailed) this.#health.reconnects += 1;
  }

  #events(ended: (reason: FaultCode) => void): LineEvents {
    return {
      edge: (line, level, at) => {
        for (const set of this.#sets) set.edge(line, level, at, this.#clock.now());
        this.#wake();
      },
      reading: (line, level, at) => {
        for (const set of this.#sets) set.reading(line, level, at);
        this.#wake();
      },
      ended,
    };
  }

  #lost(reason: FaultCode): void {
    const was = this.#health.state;
    this.#health.state = "down";
    this.#health.lastFailure = reason;
    if (was === "up") for (const set of this.#sets) set.tell(this.#failure(0));
  }

  #failure(requests: number): Reading {
    const failure = this.#health.lastFailure ?? "GPIO_GONE";
    return { samples: new Map(), failure, at: this.#clock.now(), requests };
  }

  async #reread(): Promise<void> {
    const watch = this.#watch;
    const now = this.#clock.now();
    if (watch && !this.#rereading && now >= this.#rereadAt) {
      this.#rereadAt = now + watch.rereadMs;
      const since = now - watch.rereadMs;
      const isQuiet = (line: string): boolean => this.#sets.some((set) => set.isQuiet(line, since));
      this.#rereading = watch.reread(isQuiet).finally(() => {
        this.#rereading = null;
      });
    }
    await this.#rereading;
  }

  /** A poll between an edge and its confirmation would say what the edge is about to contradict. */
  async #settle(set: PointSet): Promise<void> {
    const until = this.#clock.now() + SETTLE_MS;
    for (;;) {
      this.#flush(true);
      const now = this.#clock.now();
      if (!set.isSettling(now) || now >= until || this.#isClosed()) return;
      const due = Math.max(set.due() ?? now, now + 1);
      await this.#clock.sleep(Math.min(due, until) - now, this.#ending.signal);
    }
  }

  #flush(all: boolean): void {
    for (const set of this.#sets) set.flush(this.#clock.now(), all);
    this.#wake();
  }

  #wake(): void {
    const dues = this.#sets.flatMap((set) => set.due() ?? []);
    if (dues.length > 0 && !this.#isClosed()) this.#alarm.set(Math.min(...dues));
  }

  /** Each line once, whoever asks for it. */
  #wanted(): WantedLine[] {
    const lines = new Map<string, WantedLine>();
    for (const { line, bias, debounceMs, counts } of this.#sets.flatMap(({ points }) => points)) {
      const known = lines.get(line);
      lines.set(line, {
        line,
        bias: known && known.bias !== "as-is" ? known.bias : bias,
        debounceMs: Math.min(debounceMs, known?.debounceMs ?? debounceMs),
        counts: counts || (known?.counts ?? false),
      });
    }
    return [...lines.values()];
  }

  async #atMost(ms: number, work: Promise<void>): Promise<void> {
    const timer = new AbortController();
    await Promise.race([work, this.#clock.sleep(ms, timer.signal)]);
    timer.abort();
  }

  #isClosed(): boolean {
    return this.#health.state === "closed";
  }
}
