/** Defences of the serial readers that a layer above would cover up: seen at the reader itself. */
import { describe, expect, it } from "vitest";
import { ASCII } from "../../drivers/modbus/ascii.ts";
import type { Expectation } from "../../drivers/modbus/frame.ts";
import { RTU } from "../../drivers/modbus/rtu.ts";
import { frame } from "../drivers/modbus/frames.ts";

const WANT: Expectation = { transaction: 0, unit: 1, code: 3, bytes: 2 };

describe.each([
  ["rtu", RTU],
  ["ascii", ASCII],
] as const)("%s", (name, framing) => {
  const answer = frame(name, [1, 3, 2, 0, 7]);
  const push = (bytes: Buffer) => {
    const reader = framing.reader();
    return { progress: reader.push(bytes, bytes.length, WANT), strays: reader.strays };
  };

  it("takes the answer", () => {
    expect(push(answer)).toEqual({ progress: "reply", strays: 0 });
  });

  it.each([
    ["another function of the same size", [1, 4, 2, 0, 7]],
    ["another unit", [2, 3, 2, 0, 7]],
    ["more data", [1, 3, 4, 0, 7, 0, 7]],
  ])("passes over %s", (_what, body) => {
    expect(push(frame(name, body))).toEqual({ progress: "more", strays: 1 });
  });

  it("takes no frame whose data are not as long as it says", () => {
    expect(push(frame(name, [1, 3, 2, 0, 7, 0, 9])).progress).not.toBe("reply");
  });

  it("believes no answer with a second frame behind it: it may be a late one", () => {
    expect(push(Buffer.concat([answer, frame(name, [1, 3, 2, 0, 8])])).progress).toBe("broken");
  });
});
