/** "Did you mean": the known word nearest to a mistyped one. Pure; knows nothing of configurations. */

/** Edits (insert, delete, replace, swap of neighbors) that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The candidate that differs least, if it differs in at most a third of its letters (at least one edit); else null. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > 64) return null;
  const plain = word.toLowerCase();
  let found: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(plain, candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      found = candidate;
    }
  }
  return found;
}

/** Hint for an unknown word: the nearest one, else what there is, else null. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  what = "known",
): string | null {
  const all = [...candidates];
  const close = nearest(word, all);
  if (close !== null) return `did you mean \`${close}\`?`;
  if (all.length === 0) return `there is none`;
  return all.length <= 16 ? `${what}: ${all.join(", ")}` : null;
}
