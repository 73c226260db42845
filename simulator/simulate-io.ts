/** Streams and signals of `uptime-agent simulate` as values, so that tests can bring their own. Holds no code. */

export interface SimulateIo {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** Ends the run. */
  stop: AbortSignal;
  /** Registers what writes the truth file on request. */
  onTruthRequest?: (write: () => void) => void;
}
