import { afterEach, describe, expect, it, test, vi } from "vitest";
import { retryDelayMs, socketUrl } from "../shared/connection";
import { bidiRuns } from "../shared/bidi";
import { addresses } from "../shared/links";
import { newClientId } from "../shared/ids";
import { pickLanguage } from "../shared/language";
import { decodeChat, decodeDesk } from "../shared/protocol";
import { durationText, elapsedMs } from "../shared/times";
import { waitText } from "../widget/texts";

describe("the wait before a new try", () => {
  const rows: [code: number, attempt: number, random: number, ms: number][] = [
    [1006, 0, 0, 125],
    [1006, 0, 1, 500],
    [1012, 3, 1, 4000],
    [1006, 100, 1, 20_000],
    [1013, 0, 0, 10_125],
  ];
  test.each(rows)("close %i, try %i, luck %d: %i ms", (code, attempt, random, ms) => {
    expect(retryDelayMs(code, attempt, random)).toBe(ms);
  });
});

test.each([
  ["not json", null],
  ["[]", null],
  ["3", null],
  ['{"type":"brand_new"}', null],
  ['{"type":"toString"}', null],
  ['{"type":"pong"}', { type: "pong" }],
])("frame %s", (text, frame) => {
  expect(decodeChat(text)).toEqual(frame);
  expect(decodeDesk(text)).toEqual(frame);
});

test.each([
  [["ar-SA"], "ar"],
  [["", null, "fr", "ar"], "ar"],
  [["de"], "en"],
])("language of %j is %s", (tags, language) => {
  expect(pickLanguage(...tags)).toBe(language);
});

it("sockets follow the scheme of the page", () => {
  expect(socketUrl("https://shop.example", "/chat")).toBe("wss://shop.example/chat");
  expect(socketUrl("http://127.0.0.1:8080", "/desk")).toBe("ws://127.0.0.1:8080/desk");
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it("client ids are UUIDs, also where only getRandomValues exists", () => {
  vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes.fill(0xff) });
  expect(newClientId()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test.each([
  [{ min: 3, max: 5 }, "about 3 to 5 minutes", "من 3 إلى 5 دقائق"],
  [{ min: 1, max: 1 }, "about 1 minute", "نحو دقيقة"],
  [{ min: 10 }, "more than 10 minutes", "أكثر من 10 دقائق"],
])("a wait of %j", (wait, en, ar) => {
  expect(waitText(wait, "en")).toBe(en);
  expect(waitText(wait, "ar")).toBe(ar);
});

it("durations round down to one unit", () => {
  expect(durationText(59_999, "en", "long")).toBe("59 seconds");
  expect(durationText(3_599_000, "en", "long")).toBe("59 minutes");
  expect(elapsedMs("2030-01-01T00:00:00Z", 0)).toBe(0);
  expect(elapsedMs("nonsense", 5)).toBe(0);
});

describe("web addresses in a text", () => {
  const rows: [text: string, links: string[]][] = [
    [
      "The whole article: https://shop.example/help/en/returns",
      ["https://shop.example/help/en/returns"],
    ],
    [
      "المقال كاملًا: \u2068http://127.0.0.1:8080/help/ar/returns\u2069",
      ["http://127.0.0.1:8080/help/ar/returns"],
    ],
    ["See (https://a.example/x?y=1).", ["https://a.example/x?y=1"]],
    ["https://a.example، ثم https://b.example؟", ["https://a.example", "https://b.example"]],
    ["javascript:alert(1) ftp://a.example http:// https://", []],
    ["/help/en/returns", []],
    ["", []],
  ];
  test.each(rows)("%s", (text, links) => {
    const pieces = addresses(text);
    expect(pieces.filter((piece) => piece.link).map((piece) => piece.text)).toEqual(links);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  });
});

describe("islands in Arabic text", () => {
  const rows: [text: string, islands: string[]][] = [
    ["طلب #A-1032 (x2)", ["#A-1032 (x2)"]],
    ["اتصل على +966 50 123 4567 الآن", ["+966 50 123 4567"]],
    ["راجع https://shop.example/a?b=1 من فضلك", ["https://shop.example/a?b=1"]],
    ["بريدي sara@shop.example.", ["sara@shop.example"]],
    ["طلبي A-1032؟", ["A-1032"]],
    ["عندي 3 أسئلة", []],
    ["order #A-1032 (x2)", []],
    ["", []],
  ];
  test.each(rows)("%s", (text, islands) => {
    const runs = bidiRuns(text);
    expect(runs.filter((run) => run.isolated).map((run) => run.text)).toEqual(islands);
    expect(runs.map((run) => run.text).join("")).toBe(text);
  });
});
