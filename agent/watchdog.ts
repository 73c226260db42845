/**
 * Decides whether the service manager's watchdog may be fed: only by progress, never by a timer that merely
 * still fires. Pure; `notify.ts` sends.
 */

/** The parts of the agent that must keep moving. */
export const PARTS = ["poll", "commit", "publish"] as const;
export type Part = (typeof PARTS)[number];

/** How often each part moved, since the start. Only differences count. */
export type Progress = Record<Part, number>;

export const noProgress = (): Progress => ({ poll: 0, commit: 0, publish: 0 });

/** True when every part that should move has moved since the last ping. */
export const mayPing = (now: Progress, atLastPing: Progress, due: readonly Part[]): boolean =>
  due.every((part) => now[part] > atLastPing[part]);
