/** Fee, malus and bonus of a period in integer minor units. An outcome that is not decided has ends and no amount. */
import type { Money, OutcomeStanding, StandingBody } from "./body.ts";
import { adjustmentOf, feeOf, liable, minorOf } from "./fee.ts";
import { type Fraction, plus, times, ZERO } from "./fraction.ts";
import { type Look, type Outlook, outcomeOf } from "./look.ts";
import type { OutcomeModel } from "./model.ts";
import { type FinalVerdict, type Joined, judgedAs, readingsOf } from "./verdict.ts";
import { goodPieces } from "./yield.ts";

/** What the decision is made with: as the unknown rule reads it, rounded where the contract says so. */
export function decidedValue(
  { model }: Look,
  outcome: OutcomeModel,
  joined: Joined,
): Fraction | null {
  const { unknown } = outcome;
  const value = unknown === "bounds" ? joined.value : (readingsOf(outcome, joined)[0] ?? null);
  return value === null ? null : judgedAs(model, outcome.metric, value);
}

/** The fee of the period as measured so far, in millionths; null where the contract names none. */
function feeNow({ model, sums, share }: Look): Fraction | null {
  if (!model.fees) return null;
  const pieces = sums.reduce((sum, each) => sum + Number(goodPieces(each).value.n), 0);
  const runMs = sums.reduce((sum, each) => sum + each.judged.run, 0);
  return feeOf(model.fees, model.period === "rolling" ? { n: 1, d: 1 } : share, pieces, runMs);
}

/** What one outcome moves; null where it moves nothing. */
export function moneyFor(
  look: Look,
  outcome: OutcomeModel,
  joined: Joined,
  end: FinalVerdict,
): Money | null {
  const { model, share } = look;
  const fee = feeNow(look);
  const moves = outcome.bands.length > 0 || outcome.malus || outcome.bonus || outcome.step;
  if (fee === null || !model.fees || !moves) return null;
  const { digits } = model.fees;
  const amountOf = (value: Fraction | null) => {
    if (value === null) return { malus: 0, bonus: 0, capped: false };
    const judged = judgedAs(model, outcome.metric, value);
    const { malus, bonus, capped } = adjustmentOf(outcome, judged, share);
    const minor = (part: Fraction): number => minorOf(digits, times(fee, part));
    return { malus: minor(malus), bonus: minor(bonus), capped };
  };
  const ends = [...readingsOf(outcome, joined), joined.value].map((value) => {
    const { malus, bonus } = amountOf(value);
    return bonus - malus;
  });
  const decided = amountOf(decidedValue(look, outcome, joined));
  const isOpen = end === "indeterminate";
  return {
    malus: isOpen ? null : decided.malus,
    bonus: isOpen ? null : decided.bonus,
    amount: isOpen ? null : decided.bonus - decided.malus,
    low: Math.min(...ends),
    high: Math.max(...ends),
    capped: decided.capped,
  };
}

/** The fee and what all outcomes together move of it, up to the liability. */
export function moneyOf(
  look: Look,
  outcomes: readonly OutcomeStanding[],
  outlook: Outlook,
): StandingBody["money"] {
  const { model, share } = look;
  const fee = feeNow(look);
  if (fee === null || !model.fees) return null;
  const { currency, digits } = model.fees;
  let malus = ZERO;
  let bonus = ZERO;
  for (const outcome of model.outcomes) {
    const value = decidedValue(look, outcome, outcomeOf(look, outcome, outlook));
    if (value === null) continue;
    const adjustment = adjustmentOf(outcome, value, share);
    malus = plus(malus, adjustment.malus);
    bonus = plus(bonus, adjustment.bonus);
  }
  const limited = liable(model, malus);
  const isUnbilled = model.fees.perGoodPieceMicro !== 0 && look.sums.some(({ unread }) => unread);
  const isOpen = isUnbilled || outcomes.some(({ money }) => money?.amount === null);
  const minor = (part: Fraction): number => minorOf(digits, times(fee, part));
  const whole = minorOf(digits, fee);
  return {
    currency,
    digits,
    fee: whole,
    malus: isOpen ? null : minor(limited.malus),
    bonus: isOpen ? null : minor(bonus),
    payable: isOpen ? null : whole + minor(bonus) - minor(limited.malus),
    capped: limited.capped,
  };
}
