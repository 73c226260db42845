/** A push button or key switch of the machine as an act: what plants really use instead of a keyboard. Reads no point. */
import type { ActInput } from "../annotation/entered.ts";
import type { Value } from "../model.ts";
import type { Millis } from "../time.ts";
import type { ButtonModel } from "./model.ts";

const WHY: Record<ButtonModel["act"], string> = {
  open: "called by button",
  acknowledge: "acknowledged by button",
  respond: "technician on site by button",
  restore: "restored by button",
};

/**
 * The acts of a point that changed from one good value to another at `at`. The first value a point ever has presses
 * nothing. The id is made of asset, point and instant, so that the same press is the same act.
 */
export function pressed(
  buttons: readonly ButtonModel[],
  asset: string,
  point: number,
  from: Value | null,
  to: Value,
  at: Millis,
): ActInput[] {
  if (from === null || from === to) return [];
  return buttons
    .filter((button) => button.point === point && button.on === to)
    .map(({ name, act }) => ({
      kind: "act",
      id: `button:${asset}:${name}:${act}:${at}`,
      at,
      asset,
      incident: null,
      act,
      mode: act === "respond" ? "on-site" : null,
      party: null,
      by: `button:${name}`,
      why: WHY[act],
      via: "button",
    }));
}
