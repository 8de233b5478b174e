// A reminder outlives a killed server and reaches the visitor who comes back.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanUp, Server, sleep, tempFolder, Visitor } from "./harness.mjs";

const kFiles = {
  "wasl.yml": "bot: visits\nlanguages: {ar: ar, en: en-GB}\ndefault_language: en\n",
  "intents/visit.yml": "- intent: visit\n  patterns: ['^visit']\n",
  "flows/visit.yml": `
- flow: visit
  start: {intent: visit}
  slots: {at: {type: time}}
  steps:
    - ask: at
    - {remind: soon, after: 3s, args: {at: at}}
    - say: booked
`,
  "answers/visit.yml": `
visit:
  ask_at: {ar: متى, en: What time}
  booked: {ar: تم, en: Booked}
  soon: {ar: "موعدك {at, time, short}", en: "Your visit is at {at, time, short}"}
`,
  "handoff.yml": "teams: {general: {}}\n",
};

function visitBot() {
  const bot = join(tempFolder(), "bot");
  for (const [file, text] of Object.entries(kFiles)) {
    mkdirSync(join(bot, file, ".."), { recursive: true });
    writeFileSync(join(bot, file), text);
  }
  return bot;
}

const told = (answer) => (frame) => frame.type === "message" && frame.answer === answer;

let server;
let visitor;
after(() => cleanUp(visitor, server));

test("a reminder set before a kill is said after it", { timeout: 60_000 }, async () => {
  const bot = visitBot();
  server = await Server.start(bot);
  visitor = await Visitor.open(server, { locale: "en" });
  await visitor.say("visit");
  await visitor.say("16:30");
  await visitor.waitFor(told("visit.booked"));
  const { token } = visitor;
  await server.kill();

  server = await Server.start(bot);
  await sleep(3_500); // nobody is here when it comes due
  visitor = await Visitor.open(server, { locale: "en", visitor_token: token, last_seq: 0 });
  const reminder = await visitor.waitFor(told("visit.soon"));
  assert.equal(reminder.text, "Your visit is at 16:30");
  assert.equal(reminder.from, "bot");

  await server.kill(); // what was said is not said again
  server = await Server.start(bot);
  visitor = await Visitor.open(server, { locale: "en", visitor_token: token, last_seq: 0 });
  await visitor.waitFor(told("visit.soon"));
  await visitor.nothing(told("visit.soon"));
});
