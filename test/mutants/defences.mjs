/**
 * Each defence of the Modbus driver, and the one edit that switches it off. `tests`: what is to notice, where it is
 * not the usual set. A text that is no longer found is an error: the table follows the code.
 */
const at = (file, rows) => rows.map((row) => ({ file: `drivers/modbus/${file}.ts`, ...row }));
const off = (defence, from, to = "", tests = undefined) => ({ defence, from, to, tests });

export const DEFENCES = [
  ...at("frame", [
    off(
      "function codes: only reads leave",
      "if (code >= 1 && code <= 4 &&",
      "if (code >= 1 && code <= 6 &&",
    ),
    off("requests: a legal count", "if (count < 1 || count > (isBits ? 2000 : 125)) return null;"),
    off("TCP: transaction", "held.readUInt16BE(0) !== want.transaction || "),
    off("TCP: unit", " || held[6] !== want.unit"),
    off("TCP: function", 'if (code !== want.code && code !== (want.code | 0x80)) return "stray";'),
    off(
      "TCP: length",
      "length === 3 + want.bytes && held[8] === want.bytes",
      "held[8] === want.bytes",
    ),
    off(
      "TCP: byte count",
      "length === 3 + want.bytes && held[8] === want.bytes",
      "length === 3 + want.bytes",
    ),
    off("TCP: length of an exception", "? length === 3 && held[8] !== 0", "? held[8] !== 0"),
    off("TCP: protocol id", "held.readUInt16BE(2) !== 0 || "),
    off("TCP: a header's length", "|| length < 3 || length > LONGEST"),
    off(
      "TCP: half a frame behind an answer",
      'progress === "reply" && this.isPartial ? "broken" : progress',
      "progress",
    ),
  ]),
  ...at("rtu", [
    off("RTU: CRC", "held.readUInt16LE(length) === crc16(held, length)", "held.length > 0"),
    off("RTU: unit", "held[0] === want.unit && "),
    off("RTU: function", "if (frame[1] !== want.code) return false;"),
    off("serial: byte count", "return want.bytes < 0 || frame[2] === want.bytes;", "return true;"),
    off(
      "RTU: bytes behind an answer",
      'return behind > GLITCHES ? "broken" : "reply";',
      'return "reply";',
    ),
  ]),
  ...at("ascii", [
    off("ASCII: LRC", " && lrc(this.#held, size) === 0"),
    off("ASCII: unit", "frame[0] !== want.unit || "),
    off("ASCII: length", "length === 3 + want.bytes", "true"),
    off(
      "ASCII: characters behind an answer",
      'return at + 1 < size ? "broken" : "reply";',
      'return "reply";',
    ),
  ]),
  ...at("port", [
    off("flush: half a frame is forgotten", "this.#reader.reset();"),
    off(
      "quiet time after a failure",
      "this.#silence?.keep(this.#clock.now(), this.patienceMs + this.#wireMs(LONGEST_FRAME));",
    ),
    off("bytes nobody asked for", "silence.unasked(this.#clock.now());"),
    off(
      "one request at a time at the port",
      'if (this.#want) throw new Fault("INTERNAL", "a request is still open on this connection");',
    ),
    off(
      "a silent connection is made anew",
      "if (this.#empty >= this.#rules.emptyLimit)",
      "if (this.#empty > 1e9)",
    ),
  ]),
  ...at("silence", [
    off("silence between frames", "this.#lastByteAt + this.#gapMs", "this.#lastByteAt"),
  ]),
  ...at("absence", [
    off(
      "rest of dead units",
      "return now < absence.notBefore;",
      "return now < Number.NEGATIVE_INFINITY;",
    ),
    off("dead only after two cycles", "cycles >= DEAD_AFTER_CYCLES && "),
    off("dead only after three seconds", " && now - since >= DEAD_AFTER_MS"),
    off(
      "short probes of dead units",
      "if (isDead(absence, now) && short < timeoutMs && !isPatient) return short;",
    ),
  ]),
  ...at("bus", [
    off(
      "block sizes that cannot be mistaken",
      "if (!doubts.covers(ask, this.#clock.now())) return",
      "return",
    ),
    off(
      "one turn at a time on a bus",
      "if (this.#isTaken) await",
      "if (this.#waiting.length > 1e9) await",
    ),
  ]),
  ...at("doubt", [
    off("doubled answers", "this.#note(ask, now, now + COPY_MS);"),
    off("late answers", "this.#note(ask, now, now + this.#latestMs);"),
  ]),
  ...at("reader", [
    off(
      "a refused block is divided",
      "return isRefusal(failure) ? this.#narrow(read, failure, run) : false;",
      "return false;",
    ),
    off("a bad register is retried", "if (this.#lessons.barred.size > 0) await this.#retry(run);"),
  ]),
  ...at("serial", [
    off("no second opener", "lock: true", "lock: false", ["test/reliability/links.test.ts"]),
  ]),
];
