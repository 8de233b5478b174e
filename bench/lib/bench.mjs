// What every scenario works with: the built programs, a trained copy of the starter bot whose limits
// are those of bench.yml, the messages, and the load generator.
import { cp, mkdir, rm, copyFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { metricsOf, runToEnd, startServer } from "./process.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const build = path.join(root, "build/release");
const work = path.join(root, "build/bench");

export const paths = {
  root,
  work,
  bench: path.join(root, "bench"),
  bot: path.join(work, "bot"),
  mix: path.join(work, "mix.tsv"),
  english: path.join(work, "english.tsv"),
  results: path.join(root, "bench/results"),
  wasl: path.join(build, "bot/wasl"),
  tool: (name) => path.join(build, "bench", name),
};

/** A trained bot folder and its messages; trains only when the examples changed. */
export async function prepare(log) {
  await mkdir(work, { recursive: true });
  for (const part of ["answers", "calls", "demo", "flows", "intents", "handoff.yml"]) {
    await rm(path.join(paths.bot, part), { recursive: true, force: true });
    await cp(path.join(root, "starter", part), path.join(paths.bot, part), { recursive: true });
  }
  await copyFile(path.join(paths.bench, "bench.yml"), path.join(paths.bot, "wasl.yml"));
  const [theirs, ours] = [path.join(root, "starter/models"), path.join(paths.bot, "models")];
  if (existsSync(theirs) && !existsSync(ours)) await cp(theirs, ours, { recursive: true });
  log("training the starter bot, unless it is trained");
  await runToEnd(paths.wasl, ["train", "--bot", paths.bot, "--if-needed"]);
  const mix = await runToEnd(paths.tool("bench_mix"), [paths.bot, path.join(paths.bench, "mix.yml"), paths.mix, paths.english]);
  return JSON.parse(mix);
}

/** The server, its store on the disk of the working copy: empty, unless it is kept from before. */
export async function startWasl({ keepStore = false } = {}) {
  if (!keepStore) await rm(path.join(paths.bot, "data"), { recursive: true, force: true });
  return startServer(paths.wasl, ["serve", "--bot", paths.bot]);
}

export const startNlp = () =>
  startServer(process.execPath, [path.join(paths.bench, "twins/nlp.mjs"), paths.english]);

export const startEcho = () => startServer(paths.tool("bench_echo"));

let nextMessage = 0;

/** One run of bench_load; numbers of messages never come twice. `onLine` sees `steady` and `held`. */
export async function load(server, options, onLine) {
  const args = ["--port", server.port, "--pid", server.pid, "--mix", paths.mix, "--first", nextMessage];
  nextMessage += 3_000_000;
  for (const [name, value] of Object.entries(options)) args.push(`--${name}`, value);
  const out = await runToEnd(paths.tool("bench_load"), args.map(String), onLine);
  const result = JSON.parse(out.trim().split("\n").at(-1));
  const broken = result.lost > 0 || Object.keys(result.errors).length > 0;
  // A turn of the mix has an answer; what was acknowledged without one is no turn as measured.
  if (broken || result.messages === 0 || result.unanswered > result.messages / 1000) {
    throw new Error(`the load met trouble: ${JSON.stringify(result)}`);
  }
  return result;
}

/** Connects idle visitors, keeps them `seconds`, and gives what `whenHeld` found meanwhile. */
export async function hold(server, options, whenHeld) {
  const args = ["--port", server.port, "--pid", server.pid, "--mix", paths.mix];
  for (const [name, value] of Object.entries(options)) args.push(`--${name}`, value);
  let found;
  const out = await runToEnd(paths.tool("bench_load"), args.map(String), (line) => {
    if (line === "held") found = whenHeld();
  });
  const { lost, errors } = JSON.parse(out.trim().split("\n").at(-1));
  if (lost > 0) throw new Error(`${lost} idle connections were cut off: ${JSON.stringify(errors)}`);
  return found;
}

/** A run against Wasl, with what its store wrote in the steady interval. */
export async function loadWasl(server, options, onLine = () => {}) {
  let before;
  const result = await load(server, { protocol: "chat", ...options }, (line) => {
    if (line === "steady") before = metricsOf(server);
    onLine(line);
  });
  const [from, to] = [await before, await metricsOf(server)];
  const grown = (name) => to[name] - from[name];
  return {
    ...result,
    decisions: grown("wasl_store_decisions"),
    transactions: grown("wasl_store_transactions"),
  };
}

/** Runs one of the probes of bench/probes and gives what it found. */
export const probe = async (name, ...args) => JSON.parse(await runToEnd(paths.tool(name), args.map(String)));

/** What one fdatasync costs in the folder where the store lies. */
export const probeDisk = (seconds) => probe("bench_disk", path.join(paths.bot, "data", "disk.probe"), seconds);
