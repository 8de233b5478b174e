import { localeOf } from "./language";
import type { Language } from "./protocol";

const kMinuteMs = 60_000;
const kHourMs = 60 * kMinuteMs;
const kDayMs = 24 * kHourMs;

/** Milliseconds from `since` (ISO 8601) to `now`; 0 for missing, unreadable or future times. */
export function elapsedMs(since: string | undefined, now: number): number {
  const start = since ? Date.parse(since) : NaN;
  return Number.isNaN(start) ? 0 : Math.max(0, now - start);
}

/** Whole seconds left until `deadline` (ISO 8601), rounded up; 0 when past or unreadable. */
export function secondsLeft(deadline: string, now: number): number {
  const end = Date.parse(deadline);
  return Number.isNaN(end) ? 0 : Math.max(0, Math.ceil((end - now) / 1000));
}

function amount(
  value: number,
  unit: string,
  language: Language,
  unitDisplay: "short" | "long",
): string {
  return new Intl.NumberFormat(localeOf(language), { style: "unit", unit, unitDisplay }).format(
    value,
  );
}

/** "45 sec", "4 min", "2 hr", "3 days": one unit, rounded down. */
export function durationText(
  ms: number,
  language: Language,
  display: "short" | "long" = "short",
): string {
  if (ms < kMinuteMs) return amount(Math.floor(ms / 1000), "second", language, display);
  if (ms < kHourMs) return amount(Math.floor(ms / kMinuteMs), "minute", language, display);
  if (ms < kDayMs) return amount(Math.floor(ms / kHourMs), "hour", language, display);
  return amount(Math.floor(ms / kDayMs), "day", language, display);
}

/** `minutes` with the right plural form: Arabic has six. */
export const minutesText = (minutes: number, language: Language): string =>
  amount(minutes, "minute", language, "long");

/** The time of day of `at`, on another day with the date; empty when unreadable. */
export function clockText(at: string | undefined, language: Language, now: number): string {
  const time = at ? new Date(at) : new Date(NaN);
  if (Number.isNaN(time.getTime())) return "";
  const today = new Date(now).toDateString() === time.toDateString();
  return new Intl.DateTimeFormat(localeOf(language), {
    ...(today ? {} : { day: "numeric", month: "short" }),
    hour: "numeric",
    minute: "2-digit",
  }).format(time);
}

/** "Sunday at 09:00", in the reader's own zone. */
export function openingText(at: string, language: Language): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return "";
  return new Intl.DateTimeFormat(localeOf(language), {
    weekday: "long",
    hour: "numeric",
    minute: "2-digit",
  }).format(time);
}
