/** Where a local date begins: zone rules are not the configuration's business. */

/** UTC milliseconds of `minutes` (else 0) after midnight of `date` (`YYYY-MM-DD`), as the wall clock of an IANA zone shows. */
export type LocalTime = (date: string, zone: string, minutes?: number) => number;
