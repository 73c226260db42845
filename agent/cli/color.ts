/** Whether standard output wants color: a terminal that has some, and nobody said NO_COLOR. */
export const isColorful = (): boolean =>
  // The color depth of Node heeds NO_COLOR and a dumb terminal.
  process.stdout.isTTY === true && process.stdout.getColorDepth() > 1;
