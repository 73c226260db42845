/**
 * Sentences of DESIGN section 4 that two careful readers implement differently. Each switch names both readings;
 * the value is the one the core follows at present, so that the comparison can see past it.
 */
export const READINGS = {
  /**
   * Rule 11: "excluded = …, and `external-fault` and `off` unless attributed `supplier` (then down); up = everything
   * else observed, micro-stops included". true: every micro-stop is up. false: `external-fault` and `off` are
   * excluded (or down) even inside a micro-stop.
   */
  everyMicroStopIsUp: true,
  /**
   * Rule 2, edge uncertainty, where all rules became false or stop being so (`rule-undecided`), shown by a sample.
   * true: an edge like any other. false: no edge, as with the other kinds of `unknown`.
   */
  undecidedRulesMakeEdges: true,
  /**
   * Rule 3: "Cause, from the newest failure", where a rule needs several points that are lost. true: the newest of all
   * their failures. false: that of the point named first.
   */
  causeOfNewestFailure: false,
  /**
   * Rule 2: "if it stays true for `for`". true: a sample at least `for` after the first must still show it.
   * false: it stays true until the sample that shows another, so the time between counts.
   */
  dwellNeedsSample: false,
  /**
   * 5.1, `hysteresis`, over a time in which the point was stale or the agent did not run. true: the limit stays where it was. false: after an
   * undecided time the comparison starts anew at the plain limit.
   */
  hysteresisSurvives: true,
  /**
   * Rule 8 and 5.3: a counter jumped, and the next good cycle says "nothing changed". true: the jumped value was read
   * again, so it is confirmed. false: "bad lasts until the next value".
   */
  unchangedConfirmsJump: true,
  /**
   * Rule 9: "first match at the sample wins, effective-dated by `validFrom`", with several rows of one id. true: the row
   * with the newest `validFrom` that has come replaces the older ones. false: all rows whose `validFrom` has come are
   * tried in order.
   */
  newestRecipeRowReplaces: true,
  /**
   * Rule 7 against rules 2 and 5.4: an edge whose uncertainty reaches back into a window, and a fault that appears late in
   * a stop that began in it, may show after the window is final. true: a window knows what shows until `to` + `microStop`
   * (later parts of the settle time only make that sure); a failure that shows later is counted in no window of that kind.
   * false: with all knowledge, however late.
   */
  onlyWhatIsKnownWhenFinal: true,
  /**
   * 5.4, `counts.uncertainHigh`. true: the upper bound of `total` and `recovered.total` together. false: of `total` alone,
   * though ambiguous deltas are nearly always recovered ones.
   */
  highIncludesRecovered: true,
  /**
   * Rules 2 and 4: a counter stands still, and the agent was started between its last increment and the end of `within`.
   * true: dated back only if a cycle between the start and the end of `within` still found it moving. false: always.
   */
  startHidesStandstill: true,
};
