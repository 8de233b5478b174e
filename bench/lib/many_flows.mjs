// A bot folder with as many flows as one likes, each with all that a flow has: an intent with
// examples in both languages, questions, a call, a choice of ways, texts with arguments, a test.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const kTopics = 20; // files of each kind

const intent = (n) => `
- intent: wish_${n}
  examples:
    en: |
${["i want thing", "please do thing", "can you help me with thing", "thing please", "how about thing", "where is thing", "thing does not work", "tell me about thing"]
  .map((text) => `      ${text} number ${n}`)
  .join("\n")}
      it is about {part: P-${1000 + n}} and thing ${n}
    ar: |
${["أريد الشيء رقم", "ساعدني في الشيء رقم", "أين الشيء رقم", "ما حال الشيء رقم", "كيف أحصل على الشيء رقم", "الشيء لا يعمل رقم", "أخبرني عن الشيء رقم", "لو سمحت الشيء رقم"]
  .map((text) => `      ${text} ${n}`)
  .join("\n")}
  patterns: ['^wish ${n}$', '<thing (no|number) ${n}>']
  not: ["anything but ${n}"]
`;

const flow = (n, start, entity) => `
- flow: wish_${n}
  description: What thing ${n} needs.
  title: {ar: الشيء ${n}, en: Thing ${n}}
${start ? `  start: {intent: wish_${n}}` : ""}
  slots:
    part: {type: entity, entity: ${entity}}
    size: {type: choice, values: {small: {ar: صغير, en: Small}, large: {ar: كبير, en: Large}}}
    sure: {type: yes/no}
  steps:
    - ask: part
      max_tries: 2
      on_fail: [{handoff: {reason: lost, team: general}}]
    - call: parts.lookup_${n % kTopics}
      with: {number: part}
      save: found
      on_not_found: [{say: unknown, args: {part: part}}, {end: unknown}]
      on_error: [{handoff: {reason: backend_error}}]
    - ask: size
    - ask: sure
    - if: sure and found.status in ["there", "late"] and size == "small"
      then: [{say: done, args: {part: part, count: found.count, eta: found.eta}}]
      else: [{say: other, args: {part: part}}]
    - end: resolved
`;

const answers = (n, button) => `
wish_${n}:
  ask_part:
    ar: ما رقم القطعة للطلب ${n}؟
    en: What is the number of the part for ${n}?
    retry: {ar: "لم أجد رقمًا.", en: "I could not find a number."}
  ask_size: {ar: أي مقاس؟, en: "Which size?"}
  ask_sure: {ar: هل أنت متأكد؟, en: "Are you sure?"}
  unknown: {ar: "لا أجد {part}.", en: "There is no {part}."}
  other: {ar: "نبحث عن {part}.", en: "We look for {part}."}
  done:
    ar: ["{count, plural, zero {لا قطع} one {قطعة} two {قطعتان} few {# قطع} many {# قطعة} other {# قطعة}} من {part} تصل {eta, date, ::dMMMM}.", "تصل {part} في {eta, date, ::dMMMM}، العدد {count}."]
    en: ["{count, plural, one {one piece} other {# pieces}} of {part} by {eta, date, ::dMMMM}.", "{part} comes on {eta, date, ::dMMMM}: {count}."]
    buttons:
      - {intent: ${button}, ar: طلب آخر, en: Another}
      - {handoff: asked, ar: أريد موظفًا, en: A person}
`;

const call = (n) => `
- call: parts.lookup_${n}
  get: self:/demo/api/parts/{number}
  idempotent: true
  result: {status: {choice: [there, late, gone]}, eta: date, count: number}
`;

const conversation = (n) => `
- test: thing ${n}
  at: 2026-11-22T10:00+03:00
  given: {parts.lookup_${n % kTopics}: [{status: there, eta: 2026-12-01, count: 3}]}
  turns:
    - {visitor: wish ${n}, bot: wish_${n}.ask_part}
    - {visitor: P-${1000 + n}, bot: wish_${n}.ask_size}
  ends: {state: bot, slots: {part: P-${1000 + n}}}
`;

const writer = (folder) => (file, text) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

/** The parts of a bot folder that make `count` flows, by topic; `each(topic, all)`. */
function byTopic(count, each) {
  for (let topic = 0; topic < kTopics; ++topic) {
    const numbers = Array.from({ length: count }, (_, n) => n).filter((n) => n % kTopics === topic);
    each(topic, (make) => numbers.map(make).join(""));
  }
}

/** Writes a bot folder with `count` flows into `folder`. */
export function writeManyFlows(folder, count) {
  const write = writer(folder);
  write("wasl.yml", "bot: many\nlanguages: {ar: ar-u-nu-latn-ca-gregory, en: en-GB}\ndefault_language: en\n");
  write("handoff.yml", "teams: {general: {}}\nhours: always\n");
  write("intents/entities.yml", "- entity: part\n  pattern: 'P-\\d{4,6}'\n");
  byTopic(count, (topic, all) => {
    write(`intents/topic_${topic}.yml`, all(intent));
    write(`flows/topic_${topic}.yml`, all((n) => flow(n, true, "part")));
    write(`answers/topic_${topic}.yml`, all((n) => answers(n, `wish_${n}`)));
    write(`calls/topic_${topic}.yml`, call(topic));
    write(`tests/topic_${topic}.yml`, all(conversation));
  });
}

/** Adds `count` flows to a copy of the starter bot. Its own do them, so its model still fits. */
export function writeMoreFlows(folder, count) {
  const write = writer(folder);
  byTopic(count, (topic, all) => {
    write(`flows/topic_${topic}.yml`, all((n) => flow(n, false, "order_number")));
    write(`answers/topic_${topic}.yml`, all((n) => answers(n, "track_order")));
    write(`calls/topic_${topic}.yml`, call(topic));
  });
  doThem(folder, count);
}

// A few behind the end of each of the bot's own flows, since how much one may do is limited.
function doThem(folder, count) {
  const kEach = 6;
  const kEnd = "\n    - end: resolved\n";
  let next = 0;
  const some = () => {
    const names = Array.from({ length: Math.min(kEach, count - next) }, (_, i) => next + i);
    next += names.length;
    return names.length === 0 ? "" : `\n    - if: not hours.open\n      then:\n${names.map((n) => `        - do: wish_${n}`).join("\n")}`;
  };
  for (const name of readdirSync(join(folder, "flows")).filter((name) => !name.startsWith("topic_")).sort()) {
    const file = join(folder, "flows", name);
    const parts = readFileSync(file, "utf8").split(kEnd);
    const last = parts.pop();
    writeFileSync(file, parts.map((part) => part + some() + kEnd).join("") + last);
  }
  if (next < count) throw new Error(`only ${next} of ${count} flows found a flow to do them`);
}
