/** What the end of a connection means: the fault to report and how to go on. Pure. */
import { Fault, type FaultCode } from "../core/fault.ts";
import type { Pace } from "./backoff.ts";
import type { Wire, WireEnd } from "./wire.ts";

export interface Verdict {
  fault: Fault;
  pace: Pace;
  /** The broker does not speak this version of MQTT. */
  wrongVersion: boolean;
  /** The broker hung up in mid-talk without a reason of its own: something that was sent may be why. */
  suspicious: boolean;
}

/** 3.1.1: 1. 5: 132. */
const WRONG_VERSION = new Set([1, 132]);
/** Identifier, user, password, authorization, ban, method; in both numberings. */
const DENIED = new Set([2, 4, 5, 133, 134, 135, 138, 140]);
const TAKEN_OVER = 142;
/** Reasons to hang up that have nothing to do with what was sent: keep-alive, shutdown, overload, moves, limits. */
const UNRELATED = new Set([0, 4, 136, 137, 138, 139, 141, 142, 150, 152, 156, 157, 159, 160]);
const TLS =
  /^(ERR_(TLS|SSL|OSSL)|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_|EPROTO)/;
/** Before the first synchronization a gateway without a clock chip thinks that it is the past. */
const NOT_YET = "CERT_NOT_YET_VALID";

export const isWire = (result: Wire | WireEnd): result is Wire => "publish" in result;

const verdict = (code: FaultCode, end: WireEnd, pace: Pace, message: string): Verdict => ({
  fault: new Fault(code, message, { reason: end.reason, code: end.code }),
  pace,
  wrongVersion: false,
  suspicious: false,
});

/** `where` names the broker in messages: host and port, never credentials. */
export function judge(end: WireEnd, where: string): Verdict {
  return end.stage === "connecting" ? judgeTry(end, where) : judgeLoss(end, where);
}

function judgeTry(end: WireEnd, where: string): Verdict {
  if (end.reason !== null) {
    const wrongVersion = WRONG_VERSION.has(end.reason);
    const pace = wrongVersion || DENIED.has(end.reason) ? "slow" : "retry";
    return { ...verdict("MQTT_REFUSED", end, pace, `${where}: ${end.text}`), wrongVersion };
  }
  if (isTls(end)) {
    const pace = end.code === NOT_YET ? "retry" : "slow";
    return verdict("MQTT_TLS", end, pace, `${where}: ${end.text}`);
  }
  return verdict("MQTT_UNREACHABLE", end, "retry", `${where}: ${end.text}`);
}

const isTls = (end: WireEnd): boolean =>
  TLS.test(end.code ?? "") || end.text === "TLS not authorized";

function judgeLoss(end: WireEnd, where: string): Verdict {
  if (end.reason === TAKEN_OVER) {
    return verdict(
      "MQTT_REFUSED",
      end,
      "slow",
      `${where}: another client took over this client id (reason 142)`,
    );
  }
  const code = end.reason === 138 ? "MQTT_REFUSED" : "MQTT_UNREACHABLE";
  const pace = end.reason === 138 ? "slow" : "spread";
  const silent = end.reason === null && end.text !== "Keepalive timeout";
  return {
    ...verdict(code, end, pace, `${where}: ${end.text}`),
    suspicious: silent || (end.reason !== null && !UNRELATED.has(end.reason)),
  };
}
