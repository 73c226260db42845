import { describe, expect, it } from "vitest";
import { ASCII } from "../../../drivers/modbus/ascii.ts";
import type { Expectation, Framing, Progress } from "../../../drivers/modbus/frame.ts";
import { RTU } from "../../../drivers/modbus/rtu.ts";
import { crc, frame } from "./frames.ts";

const WANT: Expectation = { transaction: 0, unit: 17, code: 3, bytes: 4 };
const BODY = [17, 3, 4, 0, 1, 0, 2];
const IDENTITY = [17, 43, 14, 1, 1, 0, 0, 2, 0, 2, 65, 66, 1, 1, 67];

function take(framing: Framing, bytes: Buffer, want: Expectation | null = WANT) {
  const reader = framing.reader();
  const progress = reader.push(bytes, bytes.length, want);
  return { progress, reader };
}
const rtu = (...bytes: number[]): Progress => take(RTU, Buffer.from(bytes)).progress;
const good = [...frame("rtu", BODY)];

describe.each([
  ["rtu", RTU],
  ["ascii", ASCII],
] as const)("%s frames", (name, framing) => {
  it("are handed over in serial form", () => {
    const { progress, reader } = take(framing, frame(name, BODY));
    expect([progress, [...reader.reply], reader.isPartial]).toEqual(["reply", good, false]);
  });

  it("of others are passed over and counted, the answer behind them is taken", () => {
    const others = [
      [18, ...BODY.slice(1)],
      [17, 4, 4, 0, 1, 0, 2],
      [17, 3, 2, 0, 1],
      [18, 0x83, 6],
    ];
    const all = Buffer.concat([...others, BODY].map((body) => frame(name, body)));
    const { progress, reader } = take(framing, all);
    expect([progress, reader.strays]).toEqual(["reply", 4]);
  });

  it("answer nothing when nothing was asked, or when another answer follows at once", () => {
    expect(take(framing, frame(name, BODY), null).progress).toBe("more");
    const twice = Buffer.concat([frame(name, BODY), frame(name, BODY)]);
    expect(take(framing, twice).progress).toBe("broken");
  });

  it("of identification are taken with all their objects", () => {
    const want = { ...WANT, code: 43, bytes: -1 };
    const { progress, reader } = take(framing, frame(name, IDENTITY), want);
    expect([progress, [...reader.reply].slice(0, -2)]).toEqual(["reply", IDENTITY]);
    expect(take(framing, frame(name, IDENTITY.slice(0, -1)), want).progress).not.toBe("reply");
  });

  it("of exceptions are taken, but for code 0", () => {
    expect(take(framing, frame(name, [17, 0x83, 2])).progress).toBe("reply");
    expect(take(framing, frame(name, [17, 0x83, 0])).progress).toBe("more");
  });

  it("are begun anew after a reset", () => {
    const reader = framing.reader();
    const bytes = frame(name, BODY);
    reader.push(bytes, 4, WANT);
    expect(reader.isPartial).toBe(true);
    reader.reset();
    expect(reader.push(bytes, bytes.length, WANT)).toBe("reply");
  });
});

describe("RTU", () => {
  it("lets the glitches of a converter pass, and no more than that", () => {
    expect(rtu(0, ...good)).toBe("reply");
    expect(rtu(0xff, 0, ...good)).toBe("reply");
    expect(rtu(...good, 0)).toBe("reply");
    expect(rtu(...good, 0xff, 0xff)).toBe("reply");
    expect(rtu(...good, 1, 2, 3)).toBe("broken");
    expect(rtu(0, 0, 0, ...good)).toBe("broken");
    expect(rtu(7, ...good)).not.toBe("reply");
  });

  it.each([
    ["a function that is no read", [17, 6, 0, 0, 0, 1]],
    ["no data", [17, 3, 0]],
    ["more data than a frame holds", [17, 3, 252, ...new Array<number>(252).fill(0)]],
  ])("breaks at %s", (_what, body) => {
    expect(rtu(...body, ...crc(body))).toBe("broken");
  });
});

describe("ASCII", () => {
  const ascii = (text: string): Progress => take(ASCII, Buffer.from(text, "latin1")).progress;
  const text = frame("ascii", BODY).toString("latin1");

  it("is sent in capitals with LRC, CR and LF", () => {
    const request = Buffer.from([17, 3, 0, 0x6b, 0, 3, ...crc([17, 3, 0, 0x6b, 0, 3])]);
    expect(ASCII.encode(request, 0).toString("latin1")).toBe(":1103006B00037E\r\n");
  });

  it("is read in either case, behind noise, and anew at every colon", () => {
    expect(ascii(text.toLowerCase())).toBe("reply");
    expect(ascii(`\x00~zz${text}`)).toBe("reply");
    expect(ascii(`:1103${text}`)).toBe("reply");
  });

  it.each([
    ["an odd number of digits", text.replace("\r", "1\r")],
    ["something that is no digit", text.replace("0", "g")],
    ["no line feed", text.replace("\n", "\r")],
    ["a wrong sum", text.replace("1", "2")],
    ["more than a frame holds", `:${"11".repeat(300)}`],
  ])("breaks at %s", (_what, bytes) => {
    expect(ascii(bytes)).toBe("broken");
  });
});
