/** Conditions: exactly one form, options that belong to it, points that exist and values that fit them. */
import type { DraftAsset } from "../draft.ts";
import { didYouMean } from "../nearest.ts";
import { integerBits, isModbus, kindOf } from "../point.ts";
import type { Path } from "../problem.ts";
import type { Point, When } from "../types.ts";
import { durationMs } from "../units.ts";
import { error, errorAtKey, type Report, warn } from "./report.ts";
import { checkDuration } from "./time.ts";

type Key = keyof When;

const FORMS: readonly Key[] = ["point", "counterMoving", "all", "any", "not", "lamp"];
const COMPARISONS: readonly Key[] = ["equals", "in", "above", "below", "between"];
const LIMITS: readonly Key[] = ["above", "below", "between"];
/** What may stand beside the form. */
const BESIDE: Partial<Record<Key, readonly Key[]>> = {
  point: [...COMPARISONS, "bit", "hysteresis"],
  counterMoving: ["within"],
};
/** Slower polls cannot tell flashing (up to 5 Hz) from on and off. */
const LAMP_POLL_MS = 100;

export function checkWhen(report: Report, path: Path, when: When, asset: DraftAsset): void {
  const [form, second] = FORMS.filter((key) => key in when);
  if (form === undefined) {
    error(report, path, `needs one of ${FORMS.join(", ")}`);
    return;
  }
  if (second !== undefined) {
    const hint = "join conditions with `all` or `any`";
    errorAtKey(report, [...path, second], `does not go with \`${form}\``, hint);
    return;
  }
  for (const key of Object.keys(when) as Key[]) {
    if (key === form || BESIDE[form]?.includes(key)) continue;
    const owner = FORMS.find((each) => BESIDE[each]?.includes(key)) ?? "point";
    errorAtKey(report, [...path, key], `only goes with \`${owner}\`, not with \`${form}\``);
  }
  checkForm(report, path, when, asset);
}

function checkForm(report: Report, path: Path, when: When, asset: DraftAsset): void {
  for (const key of ["all", "any"] as const) {
    for (const [index, each] of (when[key] ?? []).entries()) {
      checkWhen(report, [...path, key, index], each, asset);
    }
  }
  if (when.not) checkWhen(report, [...path, "not"], when.not, asset);
  if (when.counterMoving !== undefined) checkMoving(report, path, when, asset);
  if (when.lamp) checkLamp(report, [...path, "lamp"], when.lamp, asset);
  if (when.point !== undefined) checkComparison(report, path, when, asset);
}

/** The point of that id, or null where it is unknown (reported) or broken (reported elsewhere). */
export function findPoint(
  report: Report,
  path: Path,
  id: string,
  asset: DraftAsset,
  at: "value" | "key" = "value",
): Point | null {
  if (Object.hasOwn(asset.points, id)) return asset.points[id] ?? null;
  const hint = didYouMean(id, Object.keys(asset.points));
  report.errors.push({ path, message: `there is no point ${id}`, hint, at });
  return null;
}

function pollOf(asset: DraftAsset, point: Point): number | null {
  const source = Object.hasOwn(asset.sources, point.source) ? asset.sources[point.source] : null;
  return source ? durationMs(source.poll) : null;
}

function checkMoving(report: Report, path: Path, when: When, asset: DraftAsset): void {
  const at = [...path, "counterMoving"];
  const point = findPoint(report, at, when.counterMoving ?? "", asset);
  if (point && !point.counter) {
    error(report, at, `${when.counterMoving} is not a counter`, "give the point `counter`");
  }
  if (when.within === undefined) {
    errorAtKey(report, [...path, "within"], "is missing", "the longest time between two pieces");
    return;
  }
  const within = checkDuration(report, [...path, "within"], when.within);
  const poll = point ? pollOf(asset, point) : null;
  if (within !== null && poll !== null && within < 2 * poll) {
    const message = `must be at least twice the poll of its source (${poll} ms)`;
    error(report, [...path, "within"], message);
  }
}

function checkLamp(
  report: Report,
  path: Path,
  lamp: NonNullable<When["lamp"]>,
  asset: DraftAsset,
): void {
  for (const [id, shows] of Object.entries(lamp)) {
    const at = [...path, id];
    const point = findPoint(report, at, id, asset, "key");
    if (!point) continue;
    if (kindOf(point) !== "bool") {
      errorAtKey(report, at, "must be a point of type bool or a GPIO line without counter");
    } else if (shows === "flashing" && isModbus(point)) {
      const poll = pollOf(asset, point);
      if (poll === null || poll <= LAMP_POLL_MS) continue;
      warn(
        report,
        at,
        `flashing cannot be seen with a poll of ${poll} ms`,
        "poll at 100ms or faster",
      );
    }
  }
}

function checkComparison(report: Report, path: Path, when: When, asset: DraftAsset): void {
  const point = findPoint(report, [...path, "point"], when.point ?? "", asset);
  const [comparison, second] = COMPARISONS.filter((key) => key in when);
  if (comparison === undefined) {
    error(report, path, `needs one of ${COMPARISONS.join(", ")}`);
  } else if (second !== undefined) {
    errorAtKey(
      report,
      [...path, second],
      `does not go with \`${comparison}\``,
      "write two conditions under `all`",
    );
  } else if (when.bit !== undefined) {
    checkBit(report, path, when, comparison, point);
  } else if (point) {
    checkValues(report, path, when, point);
  }
  if (when.hysteresis !== undefined && comparison !== undefined && !LIMITS.includes(comparison)) {
    errorAtKey(report, [...path, "hysteresis"], `only goes with ${LIMITS.join(", ")}`);
  }
  const [low = 0, high = 0] = when.between ?? [];
  if (low > high)
    error(report, [...path, "between"], `${low} is more than ${high}: no value is between`);
}

function checkBit(
  report: Report,
  path: Path,
  when: When,
  comparison: Key,
  point: Point | null,
): void {
  if (comparison !== "equals" || typeof when.equals !== "boolean") {
    error(report, [...path, comparison], "must be `equals: true` or `equals: false` with `bit`");
  }
  if (!point) return;
  const bits = integerBits(point);
  if (bits === null || (isModbus(point) && (point.scale !== 1 || point.offset !== 0))) {
    const hint = "bits are of whole numbers without scale: int or uint";
    errorAtKey(report, [...path, "bit"], `does not go with point ${when.point}`, hint);
  } else if ((when.bit ?? 0) >= bits) {
    error(report, [...path, "bit"], `must be from 0 to ${bits - 1}, not ${when.bit}`);
  }
}

function checkValues(report: Report, path: Path, when: When, point: Point): void {
  const kind = kindOf(point);
  for (const key of LIMITS) {
    if (!(key in when) || kind === "number") continue;
    errorAtKey(
      report,
      [...path, key],
      `only goes with numbers, and ${when.point} is ${WORDS[kind]}`,
    );
  }
  if (when.equals !== undefined) checkValue(report, [...path, "equals"], when.equals, point);
  for (const [index, value] of (when.in ?? []).entries()) {
    checkValue(report, [...path, "in", index], value, point);
  }
}

const WORDS = { bool: "true or false", number: "a number", text: "a text" };

function checkValue(report: Report, path: Path, value: unknown, point: Point): void {
  const kind = kindOf(point);
  const wide = (integerBits(point) ?? 0) === 64 || point.counter !== undefined;
  const isDigits = typeof value === "string" && /^-?\d{1,20}$/.test(value);
  const fits = {
    bool: typeof value === "boolean",
    number: typeof value === "number" || (wide && isDigits),
    text: typeof value === "string",
  };
  if (fits[kind]) return;
  const hint = kind === "text" || (kind === "number" && isDigits) ? "mind the quotes" : null;
  error(
    report,
    path,
    `must be ${WORDS[kind]}, as the point is, not ${JSON.stringify(value)}`,
    hint,
  );
}
