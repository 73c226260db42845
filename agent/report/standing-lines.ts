/** How a contract stands, on a terminal: outcomes, money, and what the losses cost. Counts nothing. */
import type { StandingBody } from "../core/contract/body.ts";
import { moneyText, quantityText, verdictLook } from "./contract-words.ts";
import { BIG_LOSS_NAMES } from "./loss-words.ts";
import { aligned, type Ink } from "./table.ts";
import { clockTime, localTime, NONE, whole } from "./words.ts";

export function standingLines(standing: StandingBody, zone: string, ink: Ink): string[] {
  const { contract, outcomes, to, at, final, money } = standing;
  const state = final
    ? "over"
    : `runs to ${localTime(to, zone)}, settled to ${localTime(at, zone)}`;
  const paint = { met: ink.green, missed: ink.red, open: ink.yellow };
  const rows = outcomes.map(({ metric, value, min, max, budget, verdict }) => [
    `  ${metric}`,
    quantityText(metric, value),
    min === null ? NONE : `${quantityText(metric, min)} to ${quantityText(metric, max)}`,
    budget === null ? "" : `${clockTime(budget.leftMs)} of downtime left`,
    paint[verdictLook(verdict)](verdict),
  ]);
  const pay = money ? [`  payable ${moneyText(money.payable, money)} ${money.currency}`] : [];
  return [
    "",
    ink.bold(`contract ${contract}, period ${state}`),
    ...aligned(rows),
    ...pay,
    ...lossLines(standing),
  ];
}

function lossLines({ losses, money }: StandingBody): string[] {
  const unit = { digits: money?.digits ?? 2, currency: money?.currency ?? "" };
  const rows = losses.flatMap(({ asset, losses, cost }) => [
    ...losses.map((loss) => [
      `  ${asset} ${BIG_LOSS_NAMES[loss.class]}`,
      clockTime(loss.lostMs),
      `${whole(loss.pieces)} pieces`,
      `${moneyText(loss.cost, unit)} ${unit.currency}`.trimEnd(),
    ]),
    [`  ${asset}, lost together`, "", "", `${moneyText(cost, unit)} ${unit.currency}`.trimEnd()],
  ]);
  return aligned(rows);
}
