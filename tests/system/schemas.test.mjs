// The JSON Schemas against an independent validator, against the starter bot, and against the
// loaders themselves: what a schema allows as keys is what the loader reads, no more and no less.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import Ajv from "ajv";
import { isPair, isSeq, LineCounter, parseDocument, stringify, visit } from "yaml";
import { kRoot, tempFolder, wasl } from "./harness.mjs";

const schemas = Object.fromEntries(
  readdirSync(join(kRoot, "schemas")).map((file) => [file.replace(".json", ""), JSON.parse(readFileSync(join(kRoot, "schemas", file), "utf8"))]),
);
const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
const validators = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));

/** The value of a YAML text read as Wasl reads it: YAML 1.2 core. */
const read = (text) => parseDocument(text, { version: "1.2", schema: "core" }).toJS();
const schemaOf = (file) => (file.includes("/") ? file.split("/")[0] : file.replace(".yml", ""));

/** What is wrong with `text` by the schema of `file`; [] when nothing is. */
function complaints(file, text) {
  const validate = validators[schemaOf(file)];
  return validate(read(text)) ? [] : validate.errors.map((error) => `${file}${error.instancePath} ${error.message}`);
}

function filesBelow(folder) {
  const files = readdirSync(folder, { recursive: true }).map((file) => String(file));
  const kinds = /^(wasl\.yml|handoff\.yml|(intents|flows|answers|calls|tests)\/[^/]+\.yml)$/;
  return files.filter((file) => kinds.test(file)).sort();
}

test("every file of the starter bot is valid by its schema", () => {
  const starter = join(kRoot, "starter");
  const files = filesBelow(starter);
  assert.ok(files.length > 20, `only ${files.length} files`);
  for (const file of files) assert.deepEqual(complaints(file, readFileSync(join(starter, file), "utf8")), []);
});

test("the articles of the starter bot have a valid front matter", (t) => {
  const knowledge = join(kRoot, "starter", "knowledge");
  if (!existsSync(knowledge)) return t.skip("the starter has no articles");
  const articles = readdirSync(knowledge, { recursive: true }).map(String).filter((file) => file.endsWith(".md"));
  assert.ok(articles.length > 0);
  for (const file of articles) {
    const matter = /^---\n([\s\S]*?)\n---\n/.exec(readFileSync(join(knowledge, file), "utf8"));
    assert.ok(matter, file);
    assert.ok(validators.article(read(matter[1])), `${file}: ${JSON.stringify(validators.article.errors)}`);
  }
});

// One bot that has every kind of map there is.
const kBot = {
  "wasl.yml": `
bot: everything
languages: {ar: ar-SA, en: en-GB}
default_language: en
channels:
  web: {origins: ["https://shop.example"]}
  support: {type: telegram, token: a, secret: b, api: "https://api.telegram.org"}
calls: {hosts: [erp.example]}
limits: {text_chars_max: 4000, silence: 60s}
public_url: https://chat.example
retention: {conversations_days: 365}
`,
  "handoff.yml": `
teams: {orders: {skills: [orders], overflow: general}, general: {}}
hours:
  zone: Asia/Riyadh
  week: {sun-thu: ["09:00-13:00"], sat: ["20:00-02:00"]}
  holidays: [2026-09-23]
  timetables:
    - {during: ramadan, week: {sun: ["21:00-23:00"]}}
    - {from: 2026-07-01, to: 2026-07-02, week: {sun: ["21:00-23:00"]}}
escalation: {offer_at: 1, weights: {fallback: 0.5}, fallbacks: [Sorry]}
timers: {offer: 30s}
capacity: {web: 4}
sla: {default: {first_reply: 2m}}
ratings: {csat: after_resolution}
`,
  "intents/all.yml": `
- intent: buy
  examples: {en: "I want to buy", ar: "أريد أن أشتري", arabizi: "biddi ashtari"}
  patterns: ['^buy']
  not: [I do not buy that]
- intent: other
  patterns: ['^other']
- entity: part
  pattern: '[A-Z]-\\d+'
- entity: city
  values: {riyadh: [الرياض]}
`,
  "flows/all.yml": `
- flow: buy
  description: Everything a flow can do.
  title: {ar: شراء, en: Buy}
  start: {intent: buy}
  help: 1
  slots:
    part: {type: entity, entity: part}
    size: {type: choice, values: {small: {ar: صغير, en: Small}, large: {ar: كبير, en: Large}}}
    code: {type: pattern, pattern: '[0-9]+'}
    sure: {type: yes/no}
  steps:
    - ask: part
      id: again
      max_tries: 2
      on_fail: [{handoff: {reason: lost, team: orders}}]
    - set: {code: '"1"'}
    - call: parts.lookup
      with: {number: part}
      save: found
      on_not_found: [{say: unknown, args: {part: part}}, {end: unknown}]
      on_error: [{handoff: {reason: backend_error}}]
    - ask: size
    - ask: sure
    - do: address
      with: {code: code}
      save: place
    - search: code
      save: article
      on_not_found: [{say: unknown, args: {part: part}}]
    - say: read
      args: {title: article.title}
    - remind: later
      after: 2h
    - remind: later
      on: today + 1
      at: '"09:00"'
      before: 10m
    - if: sure and found.status == "there"
      then: [{say: done}]
      else: [{goto: again}]
    - end: resolved
- flow: address
  description: A part of others.
  slots:
    code: {type: text}
    price: {type: money, currency: SAR, check: price > 0}
  steps: [{ask: price}]
- flow: other
  description: Another.
  start: {intent: other}
  steps: [{say: hello}]
`,
  "answers/all.yml": `
buy:
  ask_part:
    ar: أي قطعة؟
    en: Which part?
    retry: {ar: لم أجد رقمًا., en: I could not find a number.}
  ask_size: {ar: أي مقاس؟, en: "Which size?"}
  ask_sure: {ar: متأكد؟, en: "Sure?"}
  unknown: {ar: "لا أجد {part}", en: "There is no {part}"}
  read: {ar: "{title}", en: "{title}", telegram: {ar: "{title}", en: "{title}"}, web: {ar: "{title}", en: "{title}"}}
  later: {ar: لاحقًا, en: Later}
  done:
    ar: [تم., حاضر.]
    en: [Done., There you are.]
    upset: {ar: أعتذر., en: I am sorry.}
    buttons:
      - {intent: buy, ar: مرة أخرى, en: Again}
      - {handoff: asked, ar: موظف, en: A person}
      - {helped: "yes", ar: نعم, en: "Yes"}
address:
  ask_price:
    ar: كم؟
    en: How much?
    invalid: {ar: أكثر., en: More.}
other:
  hello: {ar: أهلًا, en: Hello}
help:
  fallback: {ar: لم أفهم., en: I did not understand.}
`,
  "calls/all.yml": `
- call: parts.lookup
  get: self:/demo/api/parts/{number}
  timeout: 3s
  within: 8s
  retries: 2
  idempotent: true
  irreversible: false
  query: {lang: en}
  headers: {Authorization: Bearer x}
  result: {status: {choice: [there, gone], optional: true}, eta: {date: optional}, total: {money: required, from: /order/total}}
`,
  "tests/all.yml": `
- test: everything
  at: 2026-11-22T10:00+03:00
  given: {hours: open, parts.lookup: [{status: there}, not_found, unavailable]}
  turns:
    - {visitor: buy, bot: buy.ask_part}
    - {tap: intent:buy, bot: [{answer: buy.done, says: Done}]}
    - {after: 6h, bot: []}
  ends: {state: bot, team: orders, reason: lost, slots: {part: A-1}}
`,
};

function writeBot(files) {
  const bot = tempFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(bot, file)), { recursive: true });
    writeFileSync(join(bot, file), text);
  }
  return bot;
}

test("a bot with everything in it is valid, by the schemas and by the loader", () => {
  for (const [file, text] of Object.entries(kBot)) assert.deepEqual(complaints(file, text), []);
  const run = wasl(["validate", "--bot", writeBot(kBot)]);
  assert.equal(run.code, 0, run.stdout);
});

// ---- Schema and loader know the same keys

const kStray = "zzzzzzzz";

/** The map nodes of a schema that describe `value`: $ref and allOf followed, alternatives that cannot fit left out. */
function alternatives(schema, root, value) {
  if (schema === undefined || typeof schema !== "object") return [];
  if (schema.$ref) return alternatives(root.definitions[schema.$ref.split("/").pop()], root, value);
  const own = schema.properties || schema.additionalProperties !== undefined || schema.items ? [schema] : [];
  const deeper = [...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap((one) => alternatives(one, root, value));
  return [...own, ...deeper].filter((one) => {
    if (Array.isArray(value)) return one.items !== undefined;
    if (value === null || typeof value !== "object") return false;
    return one.items === undefined && (one.required ?? []).every((key) => key in value);
  });
}

/** The schemas at `path` below `schema`. */
function schemasAt(root, value, path) {
  let here = alternatives(root, root, value);
  for (const step of path) {
    value = value[step];
    here = here.flatMap((one) => {
      const next = typeof step === "number" ? one.items : (one.properties?.[step] ?? one.additionalProperties);
      return alternatives(next, root, value);
    });
  }
  return here;
}

/** The text of `value` with a stray key last in every map, and where each stands: "line:column" → path. */
function withStrays(value) {
  const stray = (one) => {
    if (Array.isArray(one)) return one.map(stray);
    if (one === null || typeof one !== "object") return one;
    return { ...Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, stray(inner)])), [kStray]: "x" };
  };
  const text = stringify(stray(value), { version: "1.2", lineWidth: 0 });
  const lines = new LineCounter();
  const document = parseDocument(text, { version: "1.2", lineCounter: lines });
  const places = new Map();
  visit(document, {
    Pair(_, pair, ancestors) {
      if (pair.key.value !== kStray) return;
      const path = [];
      ancestors.forEach((node, i) => {
        const child = ancestors[i + 1] ?? pair;
        if (isSeq(node)) path.push(node.items.indexOf(child));
        if (isPair(node)) path.push(node.key.value);
      });
      const { line, col } = lines.linePos(pair.key.range[0]);
      places.set(`${line}:${col}`, path);
    },
  });
  return { text, places };
}

test("what a schema allows as keys is what the loader reads, in every map of every file", () => {
  let closed = 0;
  for (const [file, text] of Object.entries(kBot)) {
    const value = read(text);
    const { text: strayed, places } = withStrays(value);
    const run = wasl(["validate", "--bot", writeBot({ ...kBot, [file]: strayed }), "--json"]);
    assert.equal(run.code, 3, file);
    const known = new Map();
    for (const mistake of JSON.parse(run.stdout).mistakes) {
      const keys = /^unknown key 'z+'; known here: (.*)$/.exec(mistake.what);
      if (mistake.file === file && keys) known.set(`${mistake.line}:${mistake.column}`, keys[1].split(", ").sort());
    }
    for (const [place, path] of places) {
      if (path.includes("eta")) continue; // {date: optional} is one word to the loader, not a map
      const about = `${file} at /${path.join("/")}`;
      const here = schemasAt(schemas[schemaOf(file)], value, path);
      assert.equal(here.length, 1, `${about}: ${here.length} schemas describe this`);
      const [schema] = here;
      const loader = known.get(place);
      if (!loader) {
        assert.notEqual(schema.additionalProperties, false, `${about}: closed in the schema, open in the loader`);
        continue;
      }
      closed += 1;
      assert.equal(schema.additionalProperties, false, `${about}: closed in the loader, open in the schema`);
      assert.deepEqual(Object.keys(schema.properties).sort(), loader, about);
    }
  }
  assert.ok(closed >= 40, `only ${closed} maps were compared`);
});

test("a file with an unknown key fails by its schema", () => {
  for (const [file, text] of Object.entries(kBot)) {
    const value = read(text);
    if (Array.isArray(value)) value[0][kStray] = 1;
    else if (schemaOf(file) === "answers") value.buy.done[kStray] = "x";
    else value[kStray] = 1;
    assert.equal(validators[schemaOf(file)](value), false, file);
  }
  const article = { title: { en: "x" }, owner: "orders", reviewed: "2026-11-01", review_every: "90d" };
  assert.equal(validators.article(article), true);
  assert.equal(validators.article({ ...article, title: "x" }), false);
  assert.equal(validators.article({ ...article, [kStray]: 1 }), false);
});

test("the schemas catch what the loader calls a mistake", () => {
  const cases = [
    ["wasl.yml", "bot: a\nlimits: {text_chars_max: many}\n"],
    ["wasl.yml", "bot: a\ndefault_language: fr\n"],
    ["handoff.yml", "timers: {offer: soon}\n"],
    ["handoff.yml", "hours: sometimes\n"],
    ["intents/a.yml", "- intent: Buy Now\n"],
    ["flows/a.yml", "- flow: a\n  start: {intent: a}\n"],
    ["flows/a.yml", "- flow: a\n  start: {intent: a}\n  steps: [{say: a, ask: b}]\n"],
    ["flows/a.yml", "- flow: a\n  start: {intent: a}\n  slots: {x: {type: colour}}\n  steps: []\n"],
    ["answers/a.yml", "a: {b: {ar: x, en: x, buttons: [{handoff: nothing, ar: x, en: x}]}}\n"],
    ["calls/a.yml", "- call: a\n"],
    ["calls/a.yml", "- call: a\n  get: self:/x\n  result: {x: colour}\n"],
    ["tests/a.yml", "- test: a\n"],
    ["tests/a.yml", "- test: a\n  turns: []\n  ends: {state: lost}\n"],
  ];
  for (const [file, text] of cases) assert.notDeepEqual(complaints(file, text), [], text);
});

test("wasl schema prints, lists and writes them; init puts them where an editor looks", () => {
  const list = wasl(["schema"]);
  assert.equal(list.code, 0);
  assert.equal(list.stdout.trim().split("\n").length, Object.keys(schemas).length);
  for (const name of Object.keys(schemas)) {
    assert.deepEqual(JSON.parse(wasl(["schema", name]).stdout), schemas[name]);
  }
  const wrong = wasl(["schema", "flow"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /did you mean "flows"/);

  const bot = join(tempFolder(), "bot");
  assert.equal(wasl(["init", bot]).code, 0);
  const settings = JSON.parse(readFileSync(join(bot, ".vscode", "settings.json"), "utf8"))["yaml.schemas"];
  for (const [schema, files] of Object.entries(settings)) {
    assert.ok(existsSync(join(bot, schema)), schema);
    assert.ok(existsSync(join(bot, dirname(files))), files);
  }
  writeFileSync(join(bot, ".vscode", "settings.json"), "{}");
  assert.equal(wasl(["schema", "--out", bot]).code, 0);
  assert.equal(readFileSync(join(bot, ".vscode", "settings.json"), "utf8"), "{}", "an author's own settings stay");
});
