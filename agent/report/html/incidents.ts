/** Key figures of incidents on the page, machines side by side; nothing where there are none. */
import { iso } from "../../record/iso.ts";
import { INCIDENTS_TITLE, incidentRows } from "../incident-rows.ts";
import type { Report } from "../report.ts";
import { type Markup, table, tag, text } from "./markup.ts";

export function incidentTable(report: Report): Markup {
  const told = incidentRows(report);
  if (told === null || report.incidents === null) return "";
  const rows = told.rows.map(([name = "", ...cells]) => [
    name.startsWith(" ") ? tag("span", { class: "sub" }, text(name.trim())) : text(name),
    ...cells.map((cell) => text(cell)),
  ]);
  const caption = `${INCIDENTS_TITLE}, as they stood at ${iso(report.incidents.asOf)}`;
  return (
    tag("h2", {}, text("Incidents")) +
    tag("div", { class: "wide" }, table(caption, ["", ...told.heads], rows))
  );
}
