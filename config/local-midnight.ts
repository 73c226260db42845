/** Where a local date begins: zone rules are not the configuration's business. */

/** UTC milliseconds of 00:00 of `date` (`YYYY-MM-DD`) in an IANA zone. */
export type LocalMidnight = (date: string, zone: string) => number;
