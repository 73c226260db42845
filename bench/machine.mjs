/**
 * The contents of one machine's holding registers, a function of seed and time: a status that changes every 45 s on
 * average, two counters, and channels that move at every reading. Not the simulator: cheap, and without truth.
 *   0 status · 1 reason · 2-3 total · 4-5 good · 6 recipe · 7 … channels
 */
const MEAN_STATE_MS = 45_000;
const STATES = [6, 6, 6, 5, 3, 9];
export const FIRST_CHANNEL = 7;

/** `read(now)` fills and returns the words as of `now`, milliseconds on any axis that does not go back. */
export function machine(seed, registers) {
  const words = new Uint16Array(registers);
  let state = seed * 2_654_435_761 + 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let until = 0;
  let before = null;
  let made = 0;
  words.fill(1_000, FIRST_CHANNEL);
  const change = (now) => {
    until = now - Math.log(1 - random()) * MEAN_STATE_MS;
    words[0] = STATES[Math.floor(random() * STATES.length)];
    words[1] = words[0] === 9 ? 100 + Math.floor(random() * 5) : 0;
    words[6] = 1;
  };
  return {
    words,
    read(now) {
      if (now >= until) change(now);
      if (words[0] === 6) made += (now - (before ?? now)) / 1_000;
      before = now;
      const total = Math.floor(made);
      put(words, 2, total);
      put(words, 4, total - Math.floor(total / 50));
      for (let i = FIRST_CHANNEL; i < registers; i++) words[i] += Math.floor(random() * 7) - 3;
      return words;
    },
  };
}

function put(words, at, value) {
  words[at] = value >>> 16;
  words[at + 1] = value & 0xffff;
}
