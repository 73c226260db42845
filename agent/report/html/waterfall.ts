/** The ladder of losses as a picture: from calendar time down to the ideal time of the good pieces. */
import { LOSSES, type Loss } from "../../core/projection/loss.ts";
import type { Micros } from "../../core/projection/losses.ts";
import { share } from "../../core/projection/share.ts";
import type { Figures } from "../build.ts";
import { LOSS_NAMES } from "../loss-words.ts";
import { clockTime, NONE, percent } from "../words.ts";
import { at, type Markup, picture, tag, text } from "./markup.ts";

export interface Rung {
  name: string;
  /** Left and right end, µs. A total begins at 0. */
  from: Micros;
  to: Micros;
  us: Micros;
  total: boolean;
  class: string;
}

const LOOKS: Record<Loss, string> = {
  breakdown: "l-breakdown",
  setup: "l-setup",
  "other-stop": "l-other",
  "minor-stop": "l-minor",
  speed: "l-speed",
  defect: "l-defect",
  "start-up": "l-start",
};

/** What stops are lost to by their length and condition; a reason tree may give them other losses. */
const OF_STOPS: readonly Loss[] = ["breakdown", "setup", "other-stop"];

/** From the top; losses of nothing are left out, and what pieces cannot tell. */
export function rungsOf({ ladder }: Figures): Rung[] {
  const rungs: Rung[] = [];
  let rest = ladder.calendar;
  const total = (name: string, us: Micros | null, look = "l-total"): void => {
    if (us === null) return;
    rest = us;
    rungs.push({ name, from: 0, to: us, us, total: true, class: look });
  };
  const lose = (name: string, us: Micros | null, look: string): void => {
    if (us === null || us === 0) return;
    const ends = { from: Math.min(rest - us, rest), to: Math.max(rest - us, rest) };
    rungs.push({ name, ...ends, us, total: false, class: look });
    rest -= us;
  };
  total("calendar time", ladder.calendar);
  lose("not scheduled", ladder.unscheduled, "l-plan");
  lose("planned stops", ladder.plannedStop, "l-plan");
  lose("no demand", ladder.noDemand, "l-plan");
  total("loading time", ladder.loading);
  lose("not observed", ladder.unknown, "l-unknown");
  for (const loss of LOSSES) {
    const name = LOSS_NAMES[loss];
    lose(OF_STOPS.includes(loss) ? name : `${name} (long)`, ladder.stops[loss], LOOKS[loss]);
  }
  total("run time", ladder.run);
  for (const loss of LOSSES) {
    const name = loss === "minor-stop" ? LOSS_NAMES[loss] : `${LOSS_NAMES[loss]} (short)`;
    lose(name, ladder.short[loss], LOOKS[loss]);
  }
  lose(LOSS_NAMES.speed, ladder.speed, LOOKS.speed);
  total("all pieces × ideal cycle", ladder.net);
  lose(LOSS_NAMES.defect, ladder.defect, LOOKS.defect);
  lose("rejects of start-up", ladder.startUp, LOOKS["start-up"]);
  total("good pieces × ideal cycle", ladder.good, "l-good");
  return rungs;
}

/** Above loading: what was never meant to be used. */
const OUTSIDE = ["calendar time", "not scheduled", "planned stops", "no demand"];

const WIDTH = 560;
const LEFT = 168;
const RIGHT = 132;
const ROW = 21;
const HEAD = 14;
/** Calendar time may be many times the loading time; its bar is then cut, so that losses can be seen. */
const CUT = 1.15;

export function waterfall(id: string, figures: Figures): Markup {
  const rungs = rungsOf(figures);
  // Faster than ideal reaches beyond the rung above.
  const inside = rungs.filter(({ name }) => !OUTSIDE.includes(name));
  const widest = Math.max(1, ...rungs.map(({ to }) => to));
  const cut = Math.max(1, ...inside.map(({ to }) => to * CUT));
  const scale = Math.min(widest, inside.length > 1 ? cut : widest);
  const x = (us: Micros): number => LEFT + ((WIDTH - LEFT - RIGHT) * Math.min(us, scale)) / scale;
  const rows = rungs.map((rung, i) => {
    const y = HEAD + i * ROW;
    const next = rungs[i + 1];
    const end = rung.total ? rung.to : rung.us < 0 ? rung.to : rung.from;
    const shape = { x: at(x(rung.from)), width: at(Math.max(x(rung.to) - x(rung.from), 0.6)) };
    return [
      tag(
        "text",
        { x: LEFT - 8, y: y + 14, class: `end${rung.total ? " strong" : ""}` },
        text(rung.name),
      ),
      tag("rect", { ...shape, y: y + 3, height: ROW - 6, class: rung.class, rx: 1.5 }),
      rung.to > scale
        ? tag("text", { x: WIDTH - RIGHT + 3, y: y + 14, class: "soft small" }, text("…"))
        : "",
      next && end <= scale
        ? tag("line", {
            ...{ x1: at(x(end)), x2: at(x(end)), y1: y + ROW - 3, y2: y + ROW + 3 },
            class: "connector",
          })
        : "",
      tag(
        "text",
        { x: WIDTH - 52, y: y + 14, class: `end${rung.total ? " strong" : ""}` },
        text(clockTime(Math.round(rung.us / 1000))),
      ),
      tag("text", { x: WIDTH, y: y + 14, class: "end soft" }, text(ofLoading(rung, figures))),
    ].join("");
  });
  const description = rungs
    .map(({ name, us }) => `${name} ${clockTime(Math.round(us / 1000))}`)
    .join(", ");
  const title = "Loss waterfall, share of loading time";
  return picture(
    {
      id,
      title,
      description: `${description}.`,
      width: WIDTH,
      height: HEAD + rungs.length * ROW + 2,
    },
    tag("text", { x: WIDTH - 52, y: 9, class: "end soft small" }, text("time")),
    tag("text", { x: WIDTH, y: 9, class: "end soft small" }, text("of loading")),
    ...rows,
  );
}

function ofLoading({ us }: Rung, { ladder }: Figures): string {
  const part = share([Math.abs(us)], [ladder.loading]);
  if (part === null) return NONE;
  return us < 0 ? `-${percent(part, 1)}` : percent(part, 1);
}
