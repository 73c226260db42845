/** What must add up in a window record, whoever made it: integers only. Refuses no window for its ratios. */

type Section = Record<string, unknown>;

const section = (payload: Section, key: string): Section => {
  const value = payload[key];
  return typeof value === "object" && value !== null ? (value as Section) : {};
};

const sum = (map: Section): number => Object.values(map).reduce<number>((a, b) => a + Number(b), 0);

/** In words, the first sum that does not come out; null when all do. */
export function imbalanceOf(payload: Section): string | null {
  const window = section(payload, "window");
  const length = Number(window["lengthMs"]);
  const span = Date.parse(String(window["to"])) - Date.parse(String(window["from"]));
  const oee = section(payload, "oee");
  const uptime = section(payload, "uptime");
  const observed = oee["observedLoadingMs"];
  const sums: [string, number, unknown][] = [
    ["to - from", span, length],
    ["conditionMs", sum(section(payload, "conditionMs")), length],
    ["scheduleMs", sum(section(payload, "scheduleMs")), length],
    ["attributionMs", sum(section(payload, "attributionMs")), length],
    ["unknownMs", sum(section(payload, "unknownMs")), section(payload, "conditionMs")["unknown"]],
    ["oee.loadingMs", Number(oee["loadingMs"]), section(payload, "scheduleMs")["scheduled"]],
    [
      "uptime.upMs + downMs + excludedMs",
      Number(uptime["upMs"]) + Number(uptime["downMs"]) + Number(uptime["excludedMs"]),
      observed,
    ],
    ["coverage.observedMs", Number(section(payload, "coverage")["observedMs"]), observed],
    ...pieces(payload),
  ];
  for (const [name, found, wanted] of sums)
    if (found !== wanted) return `${name} is ${found}, not ${String(wanted)}`;
  return null;
}

/** Counts that are known; null counts say nothing. */
function pieces(payload: Section): [string, number, unknown][] {
  const { total, good, reject } = section(payload, "counts");
  const sums: [string, number, unknown][] = [];
  if (typeof total !== "number") return sums;
  const recipes = payload["recipes"];
  if (Array.isArray(recipes)) {
    const made = recipes.map((recipe: Section) => Number(recipe["total"]));
    sums.push(["recipes.total", made.reduce((a, b) => a + b, 0), total]);
  }
  if (typeof good === "number" && typeof reject === "number")
    sums.push(["counts.good + reject", good + reject, total]);
  return sums;
}
