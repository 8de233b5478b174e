// Business calls as customers and authors meet them: a shop that fails, is slow, asks to wait, and
// recovers.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { addAgents, Agent, cleanUp, Server, sleep, tempFolder, Visitor, wasl, waslAsync } from "./harness.mjs";

const kSecret = "tok-5e1f-never-written";
const kEnv = { SHOP_TOKEN: kSecret };

/** A parcel service that does as it is told, one behaviour a request; the last one stays. */
class Shop {
  requests = [];
  #plan = [{}];

  async start() {
    this.server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text) => (body += text));
      request.on("end", () => this.#serve(request, body, response));
    });
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.host = `127.0.0.1:${this.server.address().port}`;
  }
  #serve(request, body, response) {
    const { method, url, headers } = request;
    this.requests.push({ method, url, body, at: Date.now(), key: headers["idempotency-key"], auth: headers.authorization });
    const next = this.#plan.length > 1 ? this.#plan.shift() : this.#plan[0];
    if (next.hang) return;
    if (next.drop) return request.socket.destroy();
    response.writeHead(next.status ?? 200, { "Content-Type": "application/json", ...next.headers });
    response.end(typeof next.body === "string" ? next.body : JSON.stringify(next.body ?? kHome));
  }
  /** What it does from now on; forgets the requests so far. */
  will(...plan) {
    this.#plan = plan;
    this.requests = [];
  }
  close() {
    this.server.closeAllConnections?.();
    this.server.close();
  }
}

const kHome = { parcel: { state: "home", stops: [{ city: "Jeddah" }, { city: "Riyadh" }] }, echo: `Bearer ${kSecret}` };

const files = (host) => ({
  "wasl.yml": `bot: parcels\nlanguages: {ar: ar, en: en}\ndefault_language: en\nstore: "memory:"\nshards: 1\ncalls: {hosts: ["${host}"]}\n`,
  "intents/all.yml": `
- intent: track
  patterns: ['^track', '^تتبع']
- intent: stop
  patterns: ['^stop', '^أوقف']
- entity: parcel
  pattern: '[A-Z]-\\d{4,8}'
`,
  "calls/parcels.yml": `
- call: parcels.lookup
  get: http://${host}/parcels/{number}
  query: {lang: en, hint: '{hint}'}
  timeout: 400ms
  within: 3s
  retries: 2
  headers: {Authorization: "Bearer \${SHOP_TOKEN}"}
  result:
    state: {choice: [moving, home], from: /parcel/state}
    city: {text: optional, from: /parcel/stops/1/city}
- call: parcels.stop
  put: http://${host}/parcels/{number}/stop
  timeout: 400ms
  within: 3s
  retries: 2
  idempotent: true
  body: {reason: {code: 7, text: 'stop {number}'}, sure: '{sure}', tags: ['{number}']}
`,
  "flows/all.yml": `
- flow: track
  start: {intent: track}
  slots:
    parcel: {type: entity, entity: parcel}
    hint: {type: text}
  steps:
    - ask: parcel
    - set: {hint: none}
    - call: parcels.lookup
      with: {number: parcel, hint: hint}
      save: found
      on_error: [{say: trouble}, {end: failed}]
    - say: status
      args: {number: parcel, city: found.city}
    - end: resolved
- flow: stop
  start: {intent: stop}
  slots:
    parcel: {type: entity, entity: parcel}
    sure: {type: yes_no}
  steps:
    - ask: parcel
    - ask: sure
    - if: not sure
      then: [{say: kept}, {end: kept}]
    - call: parcels.stop
      with: {number: parcel, sure: sure}
      on_error: [{say: trouble}, {end: failed}]
    - say: stopped
      args: {number: parcel}
    - end: resolved
`,
  "answers/all.yml": `
track:
  ask_parcel: {ar: أي طرد؟, en: "Which parcel?"}
  status: {ar: "{number} في {city}.", en: "{number} is in {city}."}
  trouble: {ar: ["لا أستطيع معرفة ذلك الآن.", "ما زال ذلك غير ممكن الآن."], en: ["I cannot look now.", "Still not possible now."]}
stop:
  ask_parcel: {ar: أي طرد؟, en: "Which parcel?"}
  ask_sure: {ar: هل أوقفه؟, en: "Stop it for good?"}
  kept: {ar: لم يتغير شيء., en: Nothing was changed.}
  stopped: {ar: "أوقفنا {number}.", en: "{number} is stopped."}
  trouble: {ar: لم ننجح., en: It did not work.}
`,
  "handoff.yml": "teams: {general: {}}\nhours: always\n",
});

function write(folder, name, text) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const shop = new Shop();
const open = [];
let bot;
let server;

before(async () => {
  await shop.start();
  bot = newBot();
  server = await Server.start(bot, { env: kEnv });
});
after(() => cleanUp(open, server, shop));

/** A folder with the files above, changed. */
function newBot(change = (text) => text) {
  const folder = join(tempFolder(), "bot");
  for (const [name, text] of Object.entries(files(shop.host))) write(folder, name, change(text));
  return folder;
}
async function visitor() {
  const one = await Visitor.open(server, { locale: "en" });
  open.push(one);
  return one;
}
/** The answer to a tracking question, and how long it took. */
async function track() {
  const one = await visitor();
  const began = Date.now();
  const answer = await one.ask("track A-1032");
  return { answer, ms: Date.now() - began };
}

test("a shop that fails twice: the customer sees only the answer", async () => {
  shop.will({ status: 503 }, { status: 502 }, {});
  const { answer } = await track();
  assert.equal(answer.text, "A-1032 is in Riyadh.");
  assert.equal(shop.requests.length, 3);
  assert.equal(shop.requests[0].url, "/parcels/A-1032?lang=en", "a parameter that is not known is left out");
  assert.equal(shop.requests[0].auth, `Bearer ${kSecret}`);
  assert.ok(shop.requests[1].at - shop.requests[0].at >= 190, "a pause before the second attempt");
  assert.ok(shop.requests[2].at - shop.requests[1].at >= 390, "a longer one before the third");
});

test("429 with Retry-After: asked again when the shop said", async () => {
  shop.will({ status: 429, headers: { "Retry-After": "1" } }, {});
  const { answer, ms } = await track();
  assert.equal(answer.answer, "track.status");
  assert.equal(shop.requests.length, 2);
  assert.ok(ms >= 1000 && ms < 3000, `took ${ms} ms`);
});

test("429 with a Retry-After of an hour: the customer hears at once", async () => {
  shop.will({ status: 429, headers: { "Retry-After": "3600" } });
  const { answer, ms } = await track();
  assert.equal(answer.answer, "track.trouble");
  assert.equal(shop.requests.length, 1);
  assert.ok(ms < 1500, `took ${ms} ms`);
  shop.will({});
  await track();
});

test("a silent shop: an answer all the same, in time", async () => {
  shop.will({ hang: true });
  const { answer, ms } = await track();
  assert.equal(answer.answer, "track.trouble");
  assert.equal(shop.requests.length, 3);
  assert.ok(ms < 4000, `took ${ms} ms`);
  shop.will({});
  assert.equal((await track()).answer.answer, "track.status");
});

test("what cannot be undone is done after a yes, with one key for every attempt", async () => {
  shop.will({ status: 502 }, { drop: true }, {});
  const one = await visitor();
  assert.equal((await one.ask("stop A-1032")).answer, "stop.ask_sure");
  assert.equal(shop.requests.length, 0);
  assert.equal((await one.ask("yes")).answer, "stop.stopped");
  assert.deepEqual(shop.requests.map(({ method, url }) => `${method} ${url}`), Array(3).fill("PUT /parcels/A-1032/stop"));
  assert.ok(shop.requests[0].key?.length > 10);
  assert.deepEqual(new Set(shop.requests.map(({ key }) => key)).size, 1);
  assert.deepEqual(JSON.parse(shop.requests[2].body), {
    reason: { code: 7, text: "stop A-1032" },
    sure: true,
    tags: ["A-1032"],
  });
});

test("what must not happen twice is sent once, also where the connection breaks", async () => {
  const careful = newBot((text) => text.replace("  idempotent: true\n", ""));
  const own = await Server.start(careful, { env: kEnv });
  open.push(own);
  shop.will({});
  const one = await Visitor.open(own, { locale: "en" });
  open.push(one);
  assert.equal((await one.ask("track A-1032")).answer, "track.status", "leaves a connection to use again");
  shop.will({ drop: true }, {});
  await one.ask("stop A-1032");
  assert.equal((await one.ask("yes")).answer, "stop.trouble");
  await sleep(300);
  assert.equal(shop.requests.length, 1);
  assert.ok(shop.requests[0].key);
});

test("a shop that is down: its breaker opens, answers come at once, and it recovers by itself", { timeout: 60_000 }, async () => {
  assert.equal(await server.metric("wasl_call_breaker_open"), 0);
  shop.will({ status: 500 });
  assert.equal((await track()).answer.answer, "track.trouble");
  assert.equal((await track()).answer.answer, "track.trouble");
  assert.equal(shop.requests.length, 5, "the fifth failure in a row opens it");
  assert.equal(await server.metric("wasl_call_breaker_open"), 1);
  assert.match(server.log, /breaker open host=127\.0\.0\.1:\d+ for_ms=\d+/);
  const refused = await track();
  assert.equal(refused.answer.answer, "track.trouble");
  assert.ok(refused.ms < 1000, `took ${refused.ms} ms`);
  assert.equal(shop.requests.length, 5, "nobody is asked");
  shop.will({});
  await sleep(7_600);
  assert.equal((await track()).answer.answer, "track.status");
  assert.equal(await server.metric("wasl_call_breaker_open"), 0);
  assert.match(server.log, /breaker half_open host=/);
  assert.match(server.log, /breaker closed host=/);
  assert.ok((await server.metric("wasl_calls_failed_total")) >= 3);
  assert.doesNotMatch(server.log, new RegExp(kSecret));
});

test("an agent sees what was asked, what came of it and why", async () => {
  const desk = await deskServer();
  const boss = await Agent.open(desk, "boss@parcels.example", { online: false });
  open.push(boss);
  shop.will({ status: 503 });
  const one = await Visitor.open(desk, { locale: "en" });
  open.push(one);
  await one.ask("track A-1032");
  const { conversation } = one;
  boss.send({ type: "open", client_id: "o1", conversation: conversation ?? [...boss.cards.keys()][0], last_seq: 0 });
  const { body } = await boss.waitFor((frame) => frame.type === "event" && frame.kind === "call");
  assert.equal(body.name, "parcels.lookup");
  assert.equal(body.outcome, "error");
  assert.equal(body.why, "http_503");
  assert.equal(body.attempts, 3);
  assert.ok(body.duration_ms >= 600, JSON.stringify(body));
});

/** A server of the same bot with an account, in a store on disk. */
async function deskServer() {
  const own = newBot((text) => text.replace('store: "memory:"\n', ""));
  const desk = await Server.start(own, { env: kEnv });
  open.push(desk);
  await addAgents(own, { email: "boss@parcels.example", name: "Boss", role: "supervisor" });
  return desk;
}

// ---- wasl call, and recorded replies

function call(args) {
  process.env.SHOP_TOKEN = kSecret; // read when the program starts
  const run = waslAsync(["call", ...args, "--bot", bot]);
  delete process.env.SHOP_TOKEN;
  return run;
}

test("wasl call makes a call, records it without secrets, and wasl test plays it", async () => {
  shop.will({});
  const made = await call(["parcels.lookup", "number=A-1032", "hint=x y", "--json", "--record", "tests/fixtures/home.json"]);
  assert.equal(made.code, 0, made.stderr);
  assert.equal(shop.requests[0].url, "/parcels/A-1032?lang=en&hint=x%20y");
  const told = JSON.parse(made.stdout);
  assert.deepEqual(told.values, { state: "home", city: "Riyadh" });
  assert.equal(told.status, 200);
  const fixture = readFileSync(join(bot, "tests/fixtures/home.json"), "utf8");
  assert.ok(!fixture.includes(kSecret), fixture);
  assert.equal(JSON.parse(fixture).body.echo, "Bearer [secret]");

  write(bot, "tests/track.yml", `
- test: recorded
  given: {parcels.lookup: [fixtures/home.json, unavailable]}
  turns:
    - visitor: track A-1032
      bot: {answer: track.status, says: Riyadh}
    - visitor: track A-1033
      bot: track.trouble
`);
  const played = wasl(["test", "--bot", bot]);
  assert.equal(played.code, 0, played.stdout + played.stderr);
  assert.match(played.stdout, /^1 passed, 0 failed$/m);

  write(bot, "tests/track.yml", readFileSync(join(bot, "tests/track.yml"), "utf8").replace("home.json", "hom.json"));
  const wrong = wasl(["validate", "--bot", bot]);
  assert.equal(wrong.code, 3);
  assert.match(wrong.stdout, /^tests\/track\.yml:3:28: fixtures\/hom\.json: there is no such file/m);
});

test("wasl call tells what is wrong by its exit code", async () => {
  const cases = [
    { args: ["parcels.lokup"], code: 2, says: /unknown call 'parcels\.lokup' \(did you mean "parcels\.lookup"\?\)/ },
    { args: ["parcels.lookup"], code: 2, says: /needs 'number'/ },
    { args: ["parcels.lookup", "number=A-1", "hint=", "nmber=2"], code: 2, says: /does not use 'nmber' \(did you mean "number"\?\)/ },
    { args: ["parcels.lookup", "number"], code: 2, says: /is no argument/ },
    { args: ["parcels.stop", "number=A-1", "sure:=true"], code: 2, says: /add --yes/ },
    { args: ["parcels.stop", "number=A-1", "sure:=true", "--yes"], code: 0, says: /^$/ },
    { args: ["parcels.lookup", "number=A-1", "hint="], plan: { status: 404 }, code: 0, says: /^$/, out: /not_found; status 404/ },
    { args: ["parcels.lookup", "number=A-1", "hint="], plan: { body: "[]" }, code: 1, says: /why=bad_result/, out: /error \(bad_result\)/ },
    { args: ["parcels.lookup", "number=A-1", "hint=", "--record", "x.json"], plan: { hang: true }, code: 1, says: /nothing was recorded/ },
  ];
  for (const { args, plan, code, says, out } of cases) {
    shop.will(plan ?? {});
    const run = await call(args);
    assert.equal(run.code, code, `${args.join(" ")}: ${run.stdout}${run.stderr}`);
    assert.match(run.stderr, says);
    if (out) assert.match(run.stdout, out);
    assert.doesNotMatch(run.stderr, new RegExp(kSecret));
  }
});

test("a folder that does what cannot be undone without asking is refused", () => {
  const careless = newBot((text) => text.replace(/ {4}- if: not sure\n.*\n/, ""));
  const run = wasl(["validate", "--bot", careless]);
  assert.equal(run.code, 3);
  assert.match(run.stdout, /^flows\/all\.yml:\d+:7: call 'parcels\.stop' cannot be undone, and a path leads here without/m);
});
