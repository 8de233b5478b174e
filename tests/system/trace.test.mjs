// Power loss, judged by the system calls: no acknowledgement leaves the program before an fdatasync
// of the log that began after the message's row was written to it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { botFolder, cleanUp, Server, sleep, tempFolder, until, Visitor, within } from "./harness.mjs";
import { kUnlimited } from "./story.mjs";

const kMessages = 60;
const started = [];
after(() => cleanUp([...started].reverse()));

/**
 * Why ptrace cannot be used here, or nothing.
 */
function noTrace() {
  const run = spawnSync("strace", ["-o", "/dev/null", "true"], { encoding: "utf8" });
  if (run.error) return "strace is not installed";
  return run.status === 0 ? undefined : `ptrace is not permitted: ${run.stderr.trim().split("\n")[0]}`;
}

/**
 * The calls of a trace (strace -f -ttt -T -y -xx) with when each began and ended, in its lines'
 * order: `{name, file, bytes: latin1, began, ended}`.  A call in two halves (unfinished, resumed) ends
 * where it is resumed.
 */
function readCalls(text) {
  const calls = [];
  const open = new Map(); // thread → its unfinished call
  const unhex = (list) => Buffer.from(list.replaceAll("\\x", ""), "hex").toString("latin1");
  text.split("\n").forEach((line, at) => {
    const half = /^(\d+) +[\d.]+ <\.\.\. (\w+) resumed>/.exec(line);
    if (half) {
      const call = open.get(half[1]);
      open.delete(half[1]);
      if (call) call.ended = at;
      return;
    }
    const found = /^(\d+) +[\d.]+ (\w+)\((\d+)(?:<([^>]*)>)?(.*)$/.exec(line);
    if (!found) return;
    const [, thread, name, , file = "", rest] = found;
    const bytes = [...rest.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => unhex(hex)).join("");
    const call = { name, file: file.includes("\\x") ? unhex(file) : file, bytes, began: at, ended: at };
    if (rest.endsWith("<unfinished ...>")) {
      call.ended = Infinity;
      open.set(thread, call);
    }
    calls.push(call);
  });
  return calls;
}

const kWrites = new Set(["write", "writev", "pwrite64", "sendto", "sendmsg"]);

/**
 * Checks every message of `sent` ({id, text}) that was acknowledged in the trace.  What is wrong, in
 * words; and how many were checked.
 */
function checkDurability(trace, sent) {
  const calls = readCalls(trace);
  const toLog = calls.filter(({ name, file }) => kWrites.has(name) && file.endsWith("-wal"));
  const syncs = calls.filter(({ name, file }) => name === "fdatasync" && file.endsWith("-wal"));
  const toClients = calls.filter(({ name, file }) => kWrites.has(name) && file.startsWith("TCP:"));
  const wrong = [];
  let checked = 0;
  for (const { id, text } of sent) {
    const ack = toClients.find(({ bytes }) => bytes.includes(`"type":"ack","client_id":"${id}"`));
    if (!ack) continue;
    ++checked;
    const row = toLog.find(({ bytes }) => bytes.includes(text));
    if (!row) {
      wrong.push(`${id} was acknowledged and its row never written`);
      continue;
    }
    const sync = syncs.find(({ began }) => began > row.ended);
    if (!sync) wrong.push(`${id} was acknowledged and never synced`);
    else if (ack.began <= sync.ended) wrong.push(`${id} was acknowledged at line ${ack.began + 1}, before the sync that ended at ${sync.ended + 1}`);
  }
  return { wrong, checked };
}

const unable = noTrace();

test(`no ack of ${kMessages} messages leaves before its fdatasync`, { skip: unable ?? false, timeout: 120_000 }, async (t) => {
  const server = await Server.start(botFolder({ "wasl.yml": kUnlimited }));
  started.push(server);
  const file = join(tempFolder(), "trace");
  const calls = "trace=write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync";
  const strace = spawn("strace", ["-f", "-ttt", "-T", "-yy", "-xx", "-s", "20000", "-e", calls, "-o", file, "-p", String(server.process.pid)]);
  let said = "";
  strace.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = new Promise((done) => strace.on("exit", done));
  try {
    await until(() => said.includes("attached"), "strace is attached");
    const sent = [];
    const lines = await Promise.all([1, 2, 3, 4].map(() => Visitor.open(server, { locale: "en" })));
    started.push(...lines);
    await Promise.all(
      lines.map(async (line, who) => {
        for (let i = 0; i < kMessages / lines.length; ++i) {
          // The text stands whole on one page of the database, so it is found in the write.
          const one = { id: `trace-${who}-${i}`, text: `marker ${who} ${i} ends here` };
          sent.push(one);
          await line.say(one.text, { clientId: one.id });
        }
      }),
    );
    await sleep(100);
    strace.kill("SIGINT");
    await within(ended, () => "strace to end");
    const trace = readFileSync(file, "utf8");
    const { wrong, checked } = checkDurability(trace, sent);
    assert.deepEqual(wrong, []);
    assert.equal(checked, sent.length);
    t.diagnostic(`${checked} acks, ${trace.split("fdatasync(").length - 1} fdatasyncs`);

    // The check can fail.  Without the syncs; with an ack moved before its sync; with a row lost.
    const rows = trace.split("\n");
    const without = rows.map((row) => row.replaceAll("fdatasync", "fdatasink")).join("\n");
    assert.equal(checkDurability(without, sent).wrong.length, sent.length);
    const hex = (text) => [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
    const ack = rows.findIndex((row) => row.includes(hex(`"type":"ack","client_id":"${sent.at(-1).id}"`)));
    const first = rows.findIndex((row) => row.includes(hex(sent.at(-1).text)));
    const moved = [...rows];
    moved.splice(first + 1, 0, ...moved.splice(ack, 1));
    const blames = (doctored, id) => checkDurability(doctored.join("\n"), sent).wrong.some((one) => one.startsWith(`${id} `));
    assert.ok(blames(moved, sent.at(-1).id), "an ack moved before its sync is told");
    assert.ok(!blames(rows, sent.at(-1).id));
    const lost = rows.filter((row) => !row.includes(hex(sent[0].text)));
    assert.ok(blames(lost, sent[0].id), "a row that was never written is told");
  } finally {
    strace.kill("SIGKILL");
  }
});
