// The page of `wasl eval --report` in a real browser: nothing runs in it, nothing sticks out, light
// and dark can be read, and every sentence has its own direction.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { tempFolder, wasl } from "../system/harness.mjs";

const kBrowser = process.env.WASL_BROWSER ?? "/usr/bin/chromium";
const kShots = process.env.WASL_SCREENSHOTS;
const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const skip = existsSync(kBrowser) ? false : `no browser at ${kBrowser}`;
const kSizes = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

// Two intents that lie close, one that does not, and strangers; the last test row is hostile.
const kTrain = [
  ["pay", "how can i pay", "pay with a card", "do you take cash", "أدفع كيف", "طريقة الدفع", "الدفع بالبطاقة"],
  ["refund", "i want my money back", "refund please", "give me a refund", "أبي فلوسي", "استرجاع المبلغ", "رجعوا فلوسي"],
  ["hours", "when do you open", "opening hours", "are you open today", "متى تفتحون", "أوقات العمل", "مفتوح اليوم"],
  ["oos", "what is the weather", "tell me a joke", "who won the match", "كيف الجو", "قل نكتة", "مين فاز اليوم"],
];
const kTest = [
  ["pay", "can i pay with a card"], ["pay", "كيف أدفع"], ["refund", "my money back now"], ["refund", "وين فلوسي"],
  ["hours", "opening today"], ["oos", "كيف الجو اليوم"], ["oos", "a joke please"],
  ["refund", "<script>document.title='taken over'</script> what is the weather"],
  ["pay", "متى تفتحون يا شباب"],
];

const folder = tempFolder();
const report = join(folder, "report.html");
let browser;
before(async () => {
  const [train, rows] = ["train.tsv", "test.tsv"].map((name) => join(folder, name));
  writeFileSync(train, kTrain.flatMap(([label, ...texts]) => texts.map((text) => `${label}\t${text}\n`)).join(""));
  writeFileSync(rows, kTest.map((row) => `${row.join("\t")}\n`).join(""));
  const model = join(folder, "model");
  const trained = wasl(["train", "--data", train, "--model", model]);
  assert.equal(trained.code, 0, trained.stderr);
  const judged = wasl(["eval", "--model", model, "--data", rows, "--report", report]);
  assert.equal(judged.code, 0, judged.stderr);
  if (!skip) browser = await chromium.launch({ executablePath: kBrowser, args: ["--no-sandbox", "--disable-gpu"] });
});
after(() => browser?.close());

async function opened(size, colorScheme) {
  const context = await browser.newContext({ viewport: kSizes[size], colorScheme });
  const page = await context.newPage();
  page.asked = [];
  page.on("request", (request) => page.asked.push(request.url()));
  await page.goto(pathToFileURL(report).href);
  return { page, close: () => context.close() };
}

for (const size of Object.keys(kSizes)) {
  for (const scheme of ["light", "dark"]) {
    test(`readable on a ${size} screen, ${scheme}`, { skip, timeout: 60_000 }, async () => {
      const { page, close } = await opened(size, scheme);
      assert.equal(page.asked.length, 1, `it asked for ${page.asked}`);
      const content = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(content <= kSizes[size].width, `the page is ${content} px wide`);
      const letters = await page.evaluate(() =>
        [...document.querySelectorAll("svg text")].map((text) => text.getBoundingClientRect().height));
      assert.ok(letters.length > 30 && Math.min(...letters) >= 9, `letters of ${Math.min(...letters)} px`);
      if (kShots) {
        mkdirSync(kShots, { recursive: true });
        await page.screenshot({ path: join(kShots, `report-${size}-${scheme}.png`), fullPage: true });
      }
      await close();
      // axe needs to run in the page, whose own rules let nothing run.
      const context = await browser.newContext({ viewport: kSizes[size], colorScheme: scheme, bypassCSP: true });
      const checked = await context.newPage();
      await checked.goto(pathToFileURL(report).href);
      await checked.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      await checked.evaluate(kAxe);
      const { violations } = await checked.evaluate(() => globalThis.axe.run(document));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`), []);
      await context.close();
    });
  }
}

test("counts on colours can be read: contrast of at least 4.5 in every cell", { skip, timeout: 60_000 }, async () => {
  for (const scheme of ["light", "dark"]) {
    const { page, close } = await opened("wide", scheme);
    const worst = await page.evaluate(() => {
      const rgb = (text) => text.match(/[\d.]+/g).slice(0, 3).map(Number);
      const bright = (colour) => {
        const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = rgb(getComputedStyle(document.querySelector(".matrix .ground")).fill);
      return Math.min(...[...document.querySelectorAll(".matrix .cell")].map((cell) => {
        const rect = getComputedStyle(cell.querySelector("rect"));
        const share = Number(rect.fillOpacity);
        const behind = rgb(rect.fill).map((c, i) => c * share + ground[i] * (1 - share));
        const [a, b] = [bright(behind), bright(rgb(getComputedStyle(cell.querySelector("text")).fill))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      }));
    });
    assert.ok(worst >= 4.5, `${scheme}: ${worst.toFixed(2)}`);
    await close();
  }
});

test("sentences are text, each in its own direction", { skip, timeout: 60_000 }, async () => {
  const { page, close } = await opened("phone", "light");
  assert.equal(await page.title(), "How well model understands");
  assert.equal(await page.locator("script").count(), 0);
  const said = await page.locator(".confused ul li").evaluateAll((items) =>
    items.map((item) => [item.textContent, getComputedStyle(item).direction]));
  for (const [text, direction] of said) {
    assert.equal(direction, /^[\u0600-\u06ff]/.test(text) ? "rtl" : "ltr", text);
  }
  const cells = await page.locator(".matrix .cell").evaluateAll((all) => all.map((one) => Number(one.dataset.rows)));
  assert.equal(cells.reduce((a, b) => a + b, 0), kTest.length);
  assert.ok(said.some(([text]) => text.startsWith("<script>")), "the hostile row is shown as it was said");
  assert.ok(said.some(([, direction]) => direction === "rtl"), JSON.stringify(said));
  await close();
});
