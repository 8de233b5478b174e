// The command line: exit codes, one sentence for what is wrong, and never a damaged store touched.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  addAgents, Agent, botFolder, cleanUp, edit, kPassword, Server, signIn, sleep, tempFolder, until, Visitor, wasl, waslAsync,
} from "./harness.mjs";

const started = [];
after(() => cleanUp([...started].reverse()));

async function serve(bot, options) {
  const server = await Server.start(bot, options);
  started.push(server);
  return server;
}
const storeOf = (bot) => join(bot, "data", "wasl.db");
const hashOf = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** `wasl serve` must end at once, with exit code 4 and one sentence. */
async function refusesToServe(bot, args = [], about) {
  const run = await waslAsync(["serve", "--bot", bot, "--listen", "127.0.0.1:0", ...args], { ms: 20_000 });
  assert.equal(run.code, 4, run.stderr);
  assert.equal(run.stdout, "");
  const lines = run.stderr.trim().split("\n").filter((line) => line.startsWith("wasl: "));
  assert.equal(lines.length, 1, run.stderr);
  if (about) assert.match(lines[0], about);
  return lines[0];
}

test("usage errors: exit 2 and a hint; --help and --version: exit 0", () => {
  for (const args of [[], ["bogus"], ["serve", "--nope"], ["init"], ["agents"], ["agents", "add"], ["train", "--seed", "x"]]) {
    const run = wasl(args);
    assert.equal(run.code, 2, `wasl ${args.join(" ")}`);
    assert.equal(run.stdout, "");
    assert.match(run.stderr, /--help/);
  }
  for (const args of [["--help"], ["serve", "--help"], ["--version"]]) {
    const run = wasl(args);
    assert.equal(run.code, 0);
    assert.ok(run.stdout.length > 0);
  }
});

test("init, validate, train, test: a new folder is a working bot", { timeout: 300_000 }, () => {
  const bot = join(tempFolder(), "my bot");
  mkdirSync(bot); // empty is as good as absent
  assert.equal(wasl(["init", bot]).code, 0);
  const valid = wasl(["validate", "--bot", bot]);
  assert.equal(valid.code, 0, valid.stdout);
  assert.equal(valid.stdout, "");
  const files = () => readdirSync(bot, { recursive: true }).map(String);
  for (const file of ["wasl.yml", "handoff.yml", "README.md"]) assert.ok(existsSync(join(bot, file)), file);

  const trained = wasl(["train", "--bot", bot, "--json"]);
  assert.equal(trained.code, 0, trained.stderr);
  const report = JSON.parse(trained.stdout);
  assert.ok(report.intents >= 11 && report.accuracy > 0.7, trained.stdout);
  const tested = wasl(["test", "--bot", bot, "--json"]);
  const { passed, failed } = JSON.parse(tested.stdout);
  assert.ok(passed >= 10, tested.stdout);
  assert.equal(tested.code, failed === 0 ? 0 : 1);
  assert.equal(failed, 0, tested.stdout);

  const before = files();
  const again = wasl(["init", bot]);
  assert.equal(again.code, 4);
  assert.match(again.stderr, /not empty/);
  assert.deepEqual(files(), before);
});

test("understand: one JSON object a line", () => {
  const run = wasl(["understand", "--bot", botFolder()], { input: "وين طلبي A-1032\nI want a refund\n\n😀\n" });
  assert.equal(run.code, 0);
  const [gulf, english, ...rest] = run.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(gulf.language, "ar");
  assert.equal(gulf.intents[0].intent, "track_order");
  assert.equal(gulf.decision, "act");
  assert.deepEqual(gulf.entities.map(({ entity, value }) => [entity, value]), [["order_number", "A-1032"]]);
  assert.equal(english.intents[0].intent, "get_refund");
  assert.equal(rest.length, 2);
});

test("validate: every planted mistake with its place, exit 3", () => {
  const bot = botFolder();
  const planted = [
    ["flows/track_order.yml", "ask: order_number", "ask: order_nummer", /order_number/],
    ["handoff.yml", "offer_at: 1.0", "offer_at: high", /offer_at/],
    ["handoff.yml", "offer: 30s", "offer: 30 parsecs", /offer/],
    ["wasl.yml", "demo: true", "demo: maybe", /demo/],
    ["wasl.yml", "limits:", "limitz:", /limits/],
    ["calls/orders.yml", "timeout: 3s", "timeout: fast", /timeout/],
  ];
  const places = planted.map(([file, from, to, what]) => {
    const text = readFileSync(join(bot, file), "utf8");
    const at = text.indexOf(from);
    edit(bot, { [file]: () => text.replace(from, to) });
    return { file, line: text.slice(0, at).split("\n").length, what };
  });
  const broken = join(bot, "answers", "broken.yml");
  writeFileSync(broken, "broken:\n  one: [1,\n");
  places.push({ file: "answers/broken.yml", line: undefined, what: /./ });

  const run = wasl(["validate", "--bot", bot]);
  assert.equal(run.code, 3);
  const lines = run.stdout.trim().split("\n");
  for (const line of lines) assert.match(line, /^[\w./-]+:\d+:\d+: \S/);
  for (const { file, line, what } of places) {
    const found = lines.find((one) => one.startsWith(`${file}:${line ?? ""}`) && what.test(one));
    assert.ok(found, `${file}:${line} ${what} is missing in\n${run.stdout}`);
  }
  assert.match(run.stdout, /did you mean/);

  const json = wasl(["validate", "--bot", bot, "--json"]);
  assert.equal(json.code, 3);
  assert.equal(JSON.parse(json.stdout).mistakes.length, lines.length);
  // A text that no answers file has is missed once all of them can be read.
  edit(bot, { "flows/about_bot.yml": (text) => text.replace("say: menu", "say: menuu") });
  assert.doesNotMatch(wasl(["validate", "--bot", bot]).stdout, /menuu/);
  rmSync(broken);
  assert.match(wasl(["validate", "--bot", bot]).stdout, /^flows\/about_bot.yml:6:.*'help\.menuu'/m);
  // Nothing runs such a bot, and all say why.
  for (const args of [["serve", "--bot", bot, "--listen", "127.0.0.1:0"], ["test", "--bot", bot]]) {
    const refused = wasl(args);
    assert.equal(refused.code, 3, args[0]);
    assert.match(refused.stdout + refused.stderr, /:\d+:\d+: /);
  }
});

test("no folder, an empty folder: exit 3 with a reason", () => {
  for (const bot of [join(tempFolder(), "no-such"), tempFolder()]) {
    for (const command of ["validate", "train", "test"]) {
      const run = wasl([command, "--bot", bot]);
      assert.equal(run.code, 3, `${command} ${run.stderr}`);
      const told = run.stdout + run.stderr;
      assert.ok(told.includes("wasl.yml") || told.includes(bot) || told.includes("examples"), `${command}: ${told}`);
    }
  }
});

test("an occupied port: one sentence, exit 4, and the store is free again", async () => {
  const blocker = createServer();
  await new Promise((done) => blocker.listen(0, "127.0.0.1", done));
  const { port } = blocker.address();
  const bot = botFolder();
  const run = await waslAsync(["serve", "--bot", bot, "--listen", `127.0.0.1:${port}`]);
  blocker.close();
  assert.equal(run.code, 4, run.stderr);
  assert.equal(run.stdout, "");
  assert.match(run.stderr.trim(), new RegExp(`^wasl: .*${port}`));
  assert.equal(run.stderr.trim().split("\n").length, 1);
  await (await serve(bot)).stop();
  for (const listen of ["nonsense", "127.0.0.1:99999", "192.0.2.1:8080"]) {
    const wrong = await waslAsync(["serve", "--bot", bot, "--listen", listen]);
    assert.equal(wrong.code, 4, `${listen}: ${wrong.stderr}`);
  }
});

test("a second server on the same store: exit 4; the first goes on", async () => {
  const bot = botFolder();
  const first = await serve(bot);
  await refusesToServe(bot, [], /wasl\.db/);
  assert.equal((await first.get("/health/ready")).status, 200);
  const visitor = await Visitor.open(first, { locale: "en" });
  started.push(visitor);
  assert.equal((await visitor.ask("hello")).answer, "greet.hello");
});

test("memory: needs no file", async () => {
  const bot = botFolder();
  const server = await serve(bot, { args: ["--store", "memory:"] });
  const visitor = await Visitor.open(server, { locale: "en" });
  started.push(visitor);
  assert.equal((await visitor.ask("hello")).answer, "greet.hello");
  assert.ok(!existsSync(storeOf(bot)));
  await refusesToServe(bot, ["--store", "carrier-pigeon:x"]);
});

/** A stored conversation of some length, the server stopped. */
async function usedBot() {
  const bot = botFolder();
  const server = await serve(bot);
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" });
  const visitor = await Visitor.open(server, { locale: "en" });
  for (const text of ["hello", "how long does shipping take to jeddah", "thank you so much"]) await visitor.ask(text);
  assert.equal((await server.stop()).code, 0);
  return { bot, token: visitor.token };
}

test("a store that is no database: refused, untouched", async () => {
  const bot = botFolder();
  mkdirSync(join(bot, "data"), { recursive: true });
  writeFileSync(storeOf(bot), "this is not a database\n".repeat(500));
  const before = hashOf(storeOf(bot));
  await refusesToServe(bot, [], /wasl\.db/);
  assert.equal(hashOf(storeOf(bot)), before);
  const list = await waslAsync(["agents", "list", "--bot", bot]);
  assert.equal(list.code, 4, list.stderr);
  assert.equal(hashOf(storeOf(bot)), before);
});

test("a truncated store: refused, untouched", async () => {
  const { bot } = await usedBot();
  const { size } = statSync(storeOf(bot));
  truncateSync(storeOf(bot), Math.floor(size / 2));
  const before = hashOf(storeOf(bot));
  await refusesToServe(bot, [], /wasl\.db/);
  assert.equal(hashOf(storeOf(bot)), before);
});

test("flipped bytes in the store: refused or read only, with an alarm", async () => {
  const { bot, token } = await usedBot();
  const { size } = statSync(storeOf(bot));
  const file = openSync(storeOf(bot), "r+");
  const noise = Buffer.alloc(200, 0xa5);
  for (let at = 4096 + 500; at + noise.length < size; at += 4096) writeSync(file, noise, 0, noise.length, at);
  closeSync(file);
  const before = hashOf(storeOf(bot));

  let server;
  try {
    server = await Server.start(bot);
  } catch (refused) {
    assert.match(refused.message, /ended with 4: (.*\n)*wasl: .*damaged|corrupt|malformed/i);
    assert.equal(hashOf(storeOf(bot)), before);
    return;
  }
  started.push(server);
  // It came up: then it says so, and takes no message it could not keep.
  const ready = await server.get("/health/ready");
  assert.equal(ready.status, 503);
  assert.match(server.log, /damage|corrupt|malformed/i);
  const visitor = await Visitor.open(server, { visitor_token: token }).catch(() => undefined);
  if (visitor) await assert.rejects(visitor.say("hello"));
});

test("a store directory nobody may write: exit 4", { skip: process.getuid?.() === 0 && "root may write anywhere" }, async () => {
  const bot = botFolder();
  mkdirSync(join(bot, "data"));
  chmodSync(join(bot, "data"), 0o500);
  await refusesToServe(bot, [], /data/);
  chmodSync(join(bot, "data"), 0o700);
});

test("a store path that cannot be: exit 4 and one sentence", async () => {
  const bot = botFolder();
  writeFileSync(join(bot, "data"), "a file where a folder should be");
  await refusesToServe(bot);
  mkdirSync(join(bot, "folder.db"));
  await refusesToServe(bot, ["--store", "sqlite:folder.db"]);
});

test("agents: add, list, disable; without a server and through a running one", async () => {
  const bot = botFolder();
  const add = (email, password = kPassword, more = []) =>
    waslAsync(["agents", "add", "--bot", bot, "--email", email, "--name", "N", "--password-stdin", ...more], { input: password });
  const list = async () => {
    const run = await waslAsync(["agents", "list", "--bot", bot, "--json"]);
    assert.equal(run.code, 0, run.stderr);
    assert.ok(!/argon2|password/.test(run.stdout), "no password, no hash");
    return Object.fromEntries(JSON.parse(run.stdout).agents.map((agent) => [agent.email, agent]));
  };
  // Without a server.
  assert.equal((await add("One@Shop.example", `${kPassword}\n`, ["--role", "supervisor", "--skills", "orders,vip", "--capacity", "7"])).code, 0);
  const one = (await list())["one@shop.example"];
  assert.deepEqual([one.role, one.skills, one.capacity, one.enabled], ["supervisor", ["orders", "vip"], 7, true]);
  for (const [email, password, more] of [["one@shop.example"], ["nonsense"], ["two@shop.example", "short"], ["two@shop.example", "long enough", ["--role", "king"]]]) {
    const run = await add(email, password, more);
    assert.equal(run.code, 1, `${email} ${run.stderr}`);
    assert.match(run.stderr, /^wasl: .+/);
  }
  assert.equal((await add("two@shop.example", kPassword, ["--capacity", "0"])).code, 2);

  // Through the running server: effective at once.
  const server = await serve(bot);
  assert.equal((await signIn(server, "one@shop.example")).status, 200);
  assert.equal((await signIn(server, "two@shop.example")).status, 401);
  assert.equal((await add("two@shop.example")).code, 0);
  const answer = await signIn(server, "TWO@shop.example");
  assert.equal(answer.status, 200);
  const { token, agent } = await answer.json();
  assert.deepEqual([agent.name, agent.role], ["N", "agent"]);
  assert.ok(agent.id && agent.languages && agent.skills);
  const cookie = answer.headers.get("set-cookie");
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  const me = () => server.get("/api/session", { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await me()).status, 200);
  assert.equal(Object.keys(await list()).length, 2);

  const disabled = await waslAsync(["agents", "disable", "--bot", bot, "--email", "two@shop.example"]);
  assert.equal(disabled.code, 0);
  assert.equal((await signIn(server, "two@shop.example")).status, 401);
  assert.equal((await me()).status, 401, "the session ends with the account");
  assert.equal((await list())["two@shop.example"].enabled, false);
  const nobody = await waslAsync(["agents", "disable", "--bot", bot, "--email", "who@shop.example"]);
  assert.equal(nobody.code, 1);
  const { mode } = statSync(`${storeOf(bot)}.sock`);
  assert.equal(mode & 0o077, 0, "the control socket is the owner's alone");
  await server.stop();
  assert.equal(Object.keys(await list()).length, 2);
});

test("sign-out ends the session; a cookie alone cannot change anything", async () => {
  const bot = botFolder();
  const server = await serve(bot);
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" });
  const { token } = await (await signIn(server, "sami@shop.example")).json();
  const session = (method, headers) => server.get("/api/session", { method, headers });
  const Cookie = `wasl_session=${token}`;
  assert.equal((await session("GET", { Cookie })).status, 200);
  assert.equal((await session("DELETE", { Cookie })).status, 401);
  assert.equal((await session("GET", { Cookie })).status, 200);
  assert.equal((await session("DELETE", { Cookie, "X-CSRF-Token": token })).status, 200);
  await until(async () => (await session("GET", { Cookie })).status === 401, "the session is over");
});

test("wrong passwords: 401, then 429 with the time to wait; others sign in", async () => {
  const bot = botFolder();
  const server = await serve(bot);
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" }, { email: "mona@shop.example", name: "Mona" });
  const statuses = [];
  let last;
  for (let i = 0; i < 6; ++i) {
    last = await signIn(server, "sami@shop.example", `wrong guess ${i}`);
    statuses.push(last.status);
  }
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
  assert.ok(Number(last.headers.get("retry-after")) > 0);
  assert.equal((await last.json()).error.code, "too_many_attempts");
  // Not even the right one now.
  assert.equal((await signIn(server, "sami@shop.example")).status, 429);
  assert.equal((await signIn(server, "mona@shop.example")).status, 200);
  const unknown = await signIn(server, "nobody@shop.example");
  assert.equal(unknown.status, 401);
  assert.equal((await unknown.json()).error.code, "bad_credentials");
  assert.ok(!server.log.includes("wrong guess"));
});

test("agents demo: accounts that work, printed once", async () => {
  const bot = botFolder();
  const server = await serve(bot);
  const run = await waslAsync(["agents", "demo", "--bot", bot, "--json"]);
  assert.equal(run.code, 0);
  const { agents } = JSON.parse(run.stdout);
  assert.ok(agents.some(({ role }) => role === "agent") && agents.some(({ role }) => role === "supervisor"));
  for (const { email, password } of agents) assert.equal((await signIn(server, email, password)).status, 200);
  const desk = await Agent.open(server, agents[0].email, { password: agents[0].password });
  started.push(desk);
});

test("settings: the command line wins over the environment, the environment over the file", async () => {
  const bot = botFolder();
  const limits = async (env, args) => {
    const server = await serve(bot, { env, args });
    const visitor = await Visitor.open(server);
    await visitor.close();
    await server.stop();
    return visitor.welcome.limits.text_chars_max;
  };
  assert.equal(await limits({}), 4000);
  assert.equal(await limits({ WASL_LIMITS_TEXT_CHARS_MAX: "123" }), 123);
  const env = { WASL_STORE: "sqlite:data/from-environment.db" };
  await limits(env);
  assert.ok(existsSync(join(bot, "data", "from-environment.db")));
  await limits(env, ["--store", "sqlite:data/from-line.db"]);
  assert.ok(existsSync(join(bot, "data", "from-line.db")));
});

test("the model is missing: the server says so and still serves people", async () => {
  const bot = botFolder();
  rmSync(join(bot, "models"), { recursive: true });
  const run = wasl(["test", "--bot", bot], { ms: 30_000 });
  assert.ok([1, 3, 4].includes(run.code) || /train/.test(run.stderr), `exit ${run.code}: ${run.stderr}`);
  let server;
  try {
    server = await serve(bot);
  } catch (refused) {
    assert.match(refused.message, /train/);
    return;
  }
  await sleep(100);
  assert.match(server.log, /train/);
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" });
  const visitor = await Visitor.open(server, { locale: "en" });
  started.push(visitor);
  await visitor.say("I want to talk to a human");
  await visitor.waitForState("waiting");
});
