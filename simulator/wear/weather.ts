/** The air around a traced machine: season, day, and weather that wanders for days. Advanced minute by minute. */
import type { Millis } from "../../agent/core/time.ts";
import type { Random } from "../random.ts";
import { gauss } from "./tail.ts";

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;
const MINUTE = 60_000;
const WEATHER_SD = 1.5;
/** Per minute, time constant two days. */
const STAY = Math.exp(-MINUTE / (2 * DAY));
const KICK = WEATHER_SD * Math.sqrt(1 - STAY * STAY);

export interface Weather {
  random: Random;
  front: number;
}

export const createWeather = (random: Random): Weather => ({
  random,
  front: WEATHER_SD * gauss(random),
});

/** Degrees Celsius in the hall, a minute after the last call: 20 on average, ±6 by season, ±3 by day. */
export function nextMinute(weather: Weather, t: Millis): number {
  weather.front = weather.front * STAY + KICK * gauss(weather.random);
  const season = 6 * Math.sin((2 * Math.PI * (t - 0.285 * YEAR)) / YEAR);
  const day = 3 * Math.sin((2 * Math.PI * (t - 0.375 * DAY)) / DAY);
  return 20 + season + day + weather.front;
}
