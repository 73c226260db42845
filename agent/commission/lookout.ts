/**
 * The machines of a configuration watched without an agent: sources are polled and judged as the agent would, nothing
 * is stored and nothing is sent.
 */
import { driverFor } from "../../drivers/registry.ts";
import { calendarFeeds } from "../calendar/feeds.ts";
import type { Clock } from "../clock.ts";
import { advance } from "../core/advance.ts";
import { newCore } from "../core/core.ts";
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { cycleOf } from "../cycle.ts";
import type { Plant } from "../plant.ts";
import { startPoller } from "../poller.ts";
import { openField } from "../polling.ts";
import { type Picture, pictureOf } from "./picture.ts";

export interface Lookout {
  picture(): Picture;
  /** Releases every port. */
  close(): Promise<void>;
  /** Rejects when polling broke down. */
  done: Promise<void>;
}

/** Polls at once. A step of UTC while it runs is not followed. */
export function openLookout(plant: Plant, clock: Clock): Lookout {
  const core = newCore();
  const feeds = calendarFeeds(plant.calendars, {});
  const offset = clock.utc() - clock.mono();
  const axis = (mono: number): Millis => Math.round(mono + offset);
  const take = (input: Input): void => {
    const at = Math.max(input.at, core.state.now);
    for (const known of feeds.until(at)) advance(core, known);
    advance(core, { ...input, at });
  };
  take({ kind: "config", at: axis(clock.mono()), hash: plant.hash, model: plant.model });
  const field = openField(plant, driverFor, clock);
  const poller = startPoller(clock, field.sources, field.stallMs, {
    deliver: (asset, source, reading) => take(cycleOf(asset, source, reading, axis(reading.at))),
    slot: (mono) => take({ kind: "tick", at: axis(mono) }),
    missed: () => {},
    stalled: () => {},
    defect: (_asset, _source, error) => {
      throw error;
    },
  });
  return {
    picture: () => pictureOf(core, axis(clock.mono())),
    done: poller.done,
    close: async () => {
      await poller.stop();
      await field.close();
    },
  };
}
