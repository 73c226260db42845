/** Revisions of a window: numbered without a gap, in order of their records, each naming the one it supersedes. */
import { type Finding, finding } from "./report.ts";
import { at, type Linked, type Walked } from "./walk.ts";

/** `records` in order of chain and number. A chain that was cut may begin with a later revision. */
export function judgeRevisions({ records, chains }: Walked): Finding[] {
  const latest = new Map<string, number>();
  const cut = new Set(
    chains.filter(({ begins }) => begins !== null).map(({ agent, chain }) => `${agent} ${chain}`),
  );
  return records.flatMap((row) => {
    const { window } = row;
    if (window === null) return [];
    const before = latest.get(window.name);
    latest.set(window.name, Math.max(before ?? 0, window.revision));
    const isCut = before === undefined && cut.has(`${row.agent} ${row.link.chain}`);
    const detail = faultOf(row, window.revision, isCut ? window.revision - 1 : (before ?? 0));
    return detail === null ? [] : [finding("revision", detail, at(row))];
  });
}

function faultOf({ window }: Linked, revision: number, before: number): string | null {
  if (revision !== before + 1)
    return `revision ${revision} comes after ${before === 0 ? "none" : `revision ${before}`}`;
  const { name = "", supersedes = null } = window ?? {};
  if (revision === 1) return supersedes === null ? null : "a first final revision supersedes none";
  const wanted = `/${name}/${revision - 1}`;
  return supersedes?.endsWith(wanted) ? null : `it does not say that it supersedes …${wanted}`;
}
