/**
 * Sampled inputs as lines of the replay format (one JSON object per line, times in epoch milliseconds).
 * Writes only what the sampler makes; reading lines is the agent's part.
 */
import type { Machine } from "./machine.ts";
import { type Sampled, type SampleOptions, sample } from "./sample.ts";
import type { Scenario } from "./scenario.ts";

/** One line without its line feed. */
export function replayLine(input: Sampled): string {
  const { at } = input;
  switch (input.kind) {
    case "cycle": {
      const { asset, source, values, failure } = input;
      if (failure === null) return JSON.stringify({ at, asset, source, values });
      return JSON.stringify({ at, asset, source, quality: "bad", reason: failure });
    }
    case "agent-started": {
      const { lastAlive, cause } = input;
      return JSON.stringify({ at, event: "agent-started", lastAlive, cause });
    }
    case "clock": {
      const { quality, stepMs } = input;
      return JSON.stringify({ at, event: "clock", quality, stepMs });
    }
  }
}

/** The whole stream of {@link sample} as lines. */
export function* replayLines(
  scenario: Scenario,
  machines: Machine[],
  options: SampleOptions = {},
): Generator<string> {
  for (const input of sample(scenario, machines, options)) yield replayLine(input);
}
