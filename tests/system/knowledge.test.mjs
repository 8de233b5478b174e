// Articles: the public help centre, answers in the chat, "did this help?", what reaches the desk, a reload and the doctor.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { addAgents, Agent, botFolder, cleanUp, Server, sleep, until, Visitor, wasl } from "./harness.mjs";

let bot;
let server;
const open = [];

/** What the starter bot has no article and no intent for. */
function writeArticle(language, id, title, body, { reviewed = "2026-11-01" } = {}) {
  const folder = join(bot, "knowledge", language);
  mkdirSync(folder, { recursive: true });
  const front = `---\ntitle: {${language}: "${title}"}\nowner: general\nreviewed: ${reviewed}\nreview_every: 3650d\n---\n`;
  writeFileSync(join(folder, `${id}.md`), front + body);
}

before(async () => {
  bot = botFolder();
  writeArticle("en", "aquarium", "Goldfish in the aquarium", "Our goldfish is fed at *noon*.\n<script>alert(1)</script>\n");
  writeArticle("ar", "aquarium", "السمكة الذهبية في الحوض", "نطعم السمكة الذهبية ظهرًا.\n");
  server = await Server.start(bot);
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" });
});
after(() => cleanUp(open, server));

async function visitor(locale = "en") {
  const one = await Visitor.open(server, { locale });
  open.push(one);
  return one;
}

const page = async (path, options) => {
  const response = await server.get(path, { redirect: "manual", ...options });
  return { response, text: await response.text() };
};

test("the help centre has its pages in both languages", async () => {
  for (const [language, direction, title] of [
    ["en", "ltr", "Goldfish in the aquarium"],
    ["ar", "rtl", "السمكة الذهبية في الحوض"],
  ]) {
    const home = await page(`/help/${language}/`);
    assert.equal(home.response.status, 200);
    assert.match(home.response.headers.get("content-type"), /text\/html/);
    assert.match(home.text, new RegExp(`<html lang="${language}" dir="${direction}">`));
    assert.ok(home.text.includes(title));
    const article = await page(`/help/${language}/aquarium`);
    assert.equal(article.response.status, 200);
    assert.ok(article.text.includes(`<h1>${title}</h1>`));
    assert.ok(!article.text.includes("<script"), "no HTML of an article");
    const found = await page(`/help/${language}/search?q=${encodeURIComponent(language === "ar" ? "سمكتك الذهبيه" : "goldfishes")}`);
    assert.ok(found.text.includes(`/help/${language}/aquarium`));
    assert.equal((await page(`/help/${language}/nothing`)).response.status, 404);
  }
});

test("the pages are safe, plain and cached", async () => {
  const { response, text } = await page("/help/en/returns");
  assert.match(response.headers.get("content-security-policy"), /^default-src 'none'; style-src 'self'/);
  assert.ok(!/<script|<style| style=| on\w+=/.test(text));
  const etag = response.headers.get("etag");
  const again = await page("/help/en/returns", { headers: { "If-None-Match": etag } });
  assert.equal(again.response.status, 304);
  assert.equal(again.text, "");
  const head = await page("/help/en/returns", { method: "HEAD" });
  assert.equal(head.response.status, 200);
  assert.equal(head.text, "");
  assert.equal((await page("/help/en/", { method: "POST" })).response.status, 405);
  assert.equal((await page("/help")).response.headers.get("location"), "/help/");
  const arabic = await page("/help/", { headers: { "Accept-Language": "ar-EG, en;q=0.5" } });
  assert.match(arabic.text, /<html lang="ar" dir="rtl">/);
  const strange = await page("/help/en/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%00%FF");
  assert.ok(!strange.text.includes("<script"));
  for (const path of ["/help/..%2f..%2fwasl.yml", "/help/en/..%2fwasl.yml", "/help/en/%2e%2e/wasl.yml"]) {
    assert.notEqual((await page(path)).response.status, 200, path);
  }
});

test("the chat answers from an article, and hears that it did not help", async () => {
  const one = await visitor();
  const agent = await Agent.open(server, "sami@shop.example");
  open.push(agent);
  const { seq } = await one.say("goldfish aquarium noon");
  const found = await one.answer(seq, (frame) => frame.answer === "knowledge.found");
  assert.match(found.text, /^Goldfish in the aquarium\n\nOur goldfish is fed at noon\./);
  const link = /http:\/\/127\.0\.0\.1:\d+(\/help\/en\/aquarium)/.exec(found.text);
  assert.ok(link, found.text);
  assert.equal((await page(link[1])).response.status, 200);
  const asked = await one.answer(seq, (frame) => frame.answer === "knowledge.did_it_help");
  assert.deepEqual(asked.buttons.map(({ id }) => id), ["helped:yes", "helped:no"]);

  const sorry = await one.press("helped:no");
  assert.equal(sorry.answer, "knowledge.not_helped");
  assert.ok(sorry.buttons.some(({ id }) => id === "handoff:asked"));
  assert.ok(one.frames.every(({ type }) => type !== "unanswered"), "nothing of it is told to visitors");

  agent.send({ type: "open", conversation: one.conversation, last_seq: 0 });
  const note = await agent.waitFor((frame) => frame.type === "event" && frame.kind === "unanswered", { what: "the note at the desk" });
  assert.deepEqual(note.body, { seq, why: "not_helped", article: "aquarium" });
});

test("an Arabic article answers an Arabic question; yes is heard as a word", async () => {
  const one = await visitor("ar");
  const { seq } = await one.say("السمكة الذهبية في الحوض");
  const found = await one.answer(seq, (frame) => frame.answer === "knowledge.found");
  assert.match(found.text, /نطعم السمكة الذهبية ظهرًا/);
  assert.match(found.text, /\/help\/ar\/aquarium/);
  await one.answer(seq, (frame) => frame.answer === "knowledge.did_it_help");
  assert.equal((await one.ask("نعم")).answer, "knowledge.helped");
});

test("what nobody knows is noted too", async () => {
  const one = await visitor();
  const agent = await Agent.open(server, "sami@shop.example");
  open.push(agent);
  const { seq } = await one.say("xylophone quartz umbrella zeppelin");
  await one.answer(seq);
  agent.send({ type: "open", conversation: one.conversation, last_seq: 0 });
  const note = await agent.waitFor((frame) => frame.type === "event" && frame.kind === "unanswered", { what: "the note at the desk" });
  assert.deepEqual(note.body, { seq, why: "not_understood" });
});

test("a reload brings new articles, a broken one changes nothing", async () => {
  await sleep(100);
  const reload = async (wanted) => {
    const from = server.log.length;
    server.process.kill("SIGHUP");
    await until(() => wanted.test(server.log.slice(from)), `the log to say ${wanted}`, 30_000);
  };
  writeArticle("en", "kites", "Flying kites", "Kites fly on Fridays.\n");
  await reload(/reloaded/);
  assert.equal((await page("/help/en/kites")).response.status, 200);
  writeFileSync(join(bot, "knowledge/en/broken.md"), "---\ntitle: {en: B}\nowner: nobody\nreviewed: 2026-11-01\n---\nText.\n");
  await reload(/reload refused: knowledge\/en\/broken\.md:3:8: unknown owner 'nobody'/);
  assert.equal((await page("/help/en/kites")).response.status, 200);
  rmSync(join(bot, "knowledge/en/broken.md"));
});

test("the doctor names what is due and what is missing", () => {
  writeArticle("en", "old", "Old news", "Long ago.\n", { reviewed: "2001-01-01" });
  const run = wasl(["doctor", "--bot", bot, "--json"]);
  assert.equal(run.code, 1, run.stderr);
  const report = JSON.parse(run.stdout);
  assert.equal(report.ok, false);
  const of = (check) => report.checks.find((one) => one.check === check).findings.map(({ place }) => place);
  assert.deepEqual(of("reviews"), ["knowledge/en/old.md"]);
  assert.ok(of("languages").includes("knowledge/en/old.md"));
  assert.deepEqual(of("folder"), []);
  const text = wasl(["doctor", "--bot", bot]);
  assert.match(text.stdout, /reviews: knowledge\/en\/old\.md: was due for review on 2010-12-30; its owner is general/);
  assert.equal(wasl(["doctor", "--bot", join(bot, "nowhere")]).code, 3);
});
