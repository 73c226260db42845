/** How a contract stands in its period: outcomes with verdicts and budgets, money, and what the losses cost. */
import type { OutcomeStanding, StandingBody } from "../../core/contract/body.ts";
import { moneyText, quantityText, verdictLook } from "../contract-words.ts";
import { BIG_LOSS_NAMES } from "../loss-words.ts";
import { clockTime, localTime, NONE, whole } from "../words.ts";
import { type Markup, table, tag, text } from "./markup.ts";

export function contractSection(standing: StandingBody, zone: string): Markup {
  const { contract, from, to, at, final } = standing;
  const span = `${localTime(from, zone)} to ${localTime(to, zone)}`;
  const state = final ? "the period is over" : `as settled to ${localTime(at, zone)}`;
  return tag(
    "section",
    { class: "keep" },
    tag("h2", {}, text(`Contract ${contract}`)),
    tag("p", { class: "soft" }, text(`${span}, ${state}`)),
    outcomes(standing),
    money(standing),
    costs(standing),
  );
}

function outcomes({ outcomes }: StandingBody): Markup {
  const rows = outcomes.map((outcome) => {
    const { metric, severity, budget, disputed, verdict } = outcome;
    const quantity = (value: number | null): string => quantityText(metric, value);
    const bounds =
      outcome.min === null ? "" : `${quantity(outcome.min)} to ${quantity(outcome.max)}`;
    return [
      text(severity ? `${metric} ${severity}` : metric),
      text(quantity(outcome.value)) + tag("small", {}, text(bounds)),
      text(quantity(outcome.target)),
      text(quantity(outcome.minimum)),
      text(quantityText("uptime", outcome.coverage)),
      budgetCell(budget),
      tag("span", { class: verdictLook(verdict) }, text(verdict)) + disputedText(outcome, disputed),
    ];
  });
  const heads = ["outcome", "value", "target", "minimum", "coverage", "downtime left", "verdict"];
  return tag("div", { class: "wide" }, table("Outcomes by the contract's own rules", heads, rows));
}

function budgetCell(budget: OutcomeStanding["budget"]): Markup {
  if (budget === null) return text(NONE);
  const { allowedMs, spentMs, pendingMs, leftMs } = budget;
  const pending = pendingMs > 0 ? ` and ${clockTime(pendingMs)} pending` : "";
  const spent = `${clockTime(spentMs)} spent${pending} of ${clockTime(allowedMs)}`;
  return text(clockTime(leftMs)) + tag("small", {}, text(spent));
}

const disputedText = (
  { metric }: OutcomeStanding,
  disputed: OutcomeStanding["disputed"],
): Markup =>
  disputed === null
    ? ""
    : tag(
        "small",
        {},
        text(`if agreed: ${quantityText(metric, disputed.value)}, ${disputed.verdict}`),
      );

function money({ money }: StandingBody): Markup {
  if (money === null) return "";
  const amount = (minor: number | null): string => moneyText(minor, money);
  const rows = [
    ["fee", amount(money.fee)],
    ["malus", amount(money.malus)],
    ["bonus", amount(money.bonus)],
    [money.capped ? "payable, liability capped" : "payable", amount(money.payable)],
  ].map((row) => row.map(text));
  return table("Money", ["", money.currency], rows);
}

/** Losses in the customer's own terms, where the contract has a value model. */
function costs({ losses, money }: StandingBody): Markup {
  if (losses.length === 0) return "";
  const unit = { digits: money?.digits ?? 2, currency: money?.currency ?? "" };
  const rows = losses.flatMap(({ asset, losses, cost }) => [
    ...losses.map((loss) => [
      text(`${asset}: ${BIG_LOSS_NAMES[loss.class]}`),
      text(clockTime(loss.lostMs)),
      text(whole(loss.pieces)),
      text(moneyText(loss.cost, unit)),
    ]),
    [tag("b", {}, text(`${asset}: together`)), "", "", tag("b", {}, text(moneyText(cost, unit)))],
  ]);
  const heads = ["loss", "time", "pieces", `cost ${unit.currency}`.trim()];
  return table("What the losses cost", heads, rows);
}
