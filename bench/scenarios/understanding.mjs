// Every figure of understanding in one table: public sets (where `data` has them) through `wasl train
// --data` and `wasl eval`, and the starter bot by cross-validation, on held_out.tsv, with typos, by
// time and size. A set's bar is chosen on its validation rows (`--dev`) where it has some besides the
// rows that are reported, else on folds of its training rows; the reported rows decide nothing.
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { paths, prepare, probe } from "../lib/bench.mjs";
import { isArabicScript, readRows, score, splitByIndex, writeRows } from "../lib/labelled.mjs";
import { runToEnd } from "../lib/process.mjs";
import { median, round, spread } from "../lib/stats.mjs";
import { randomFrom, withTypos } from "../lib/typos.mjs";
import { understandingGoals, understandingRows } from "../lib/understanding_goals.mjs";

const kTypoSeed = 1;
const tiny = path.join(paths.bench, "tiny");
const own = ["starter", "held-out", "typos", "speed", "training"]; // rows that need no data

/** The public sets: files of `data` that are learnt from, that bars are chosen on, and judged. */
const sets = {
  clinc: {
    train: ["intents/clinc150/train.tsv", "intents/clinc150/oos_train.tsv"],
    dev: ["intents/clinc150/val.tsv", "intents/clinc150/oos_val.tsv"],
    tests: { clinc: ["intents/clinc150/test.tsv", "intents/clinc150/oos_test.tsv"] },
  },
  banking: {
    train: ["intents/banking77/train.tsv"],
    tests: { banking: ["intents/banking77/valid.tsv"] },
  },
  arbanking: {
    train: ["intents/arbanking77/train_msa_pal.tsv"],
    dev: ["intents/arbanking77/val_msa_pal.tsv"],
    tests: { palestinian: ["intents/arbanking77/test_pal.tsv"], saudi: ["intents/arbanking77/test_saudi.tsv"] },
  },
  curekart: {
    train: ["intents/hint3_curekart/train.tsv"],
    tests: { curekart: ["intents/hint3_curekart/test.tsv"] },
  },
};
const moods = {
  anger: { file: "mood/emotional_tone_ar.tsv", by: 5, rest: 4, label: "anger" },
  offence: { file: "mood/osact4_offensive_ar.tsv", by: 10, rest: 9, label: "OFF" },
};

const one = (value, note) => ({ measured: { median: value, low: value, high: value }, note });
const percent = (share) => 100 * share;
const written = (value) => (Number.isFinite(value) ? value.toFixed(1) : "–");

class Run {
  constructor({ quick, data, log }, folder) {
    Object.assign(this, { quick, data, log, folder, rows: {}, raw: {}, failed: [] });
  }

  async wasl(args, options = {}) {
    const began = Date.now();
    this.log(`  wasl ${args.slice(0, 1)} ${options.about ?? ""}`);
    const onProgress = (text) => text.trim() && this.log(`    ${text.trim().split("\n").at(-1)}`);
    const out = await runToEnd(paths.wasl, args.map(String), undefined, { input: options.input, onProgress });
    this.log(`    ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return out;
  }

  /** Rows of files of `data`; in a quick run those of the tiny set instead. */
  read(files, part) {
    return this.quick ? readRows(path.join(tiny, part)) : readRows(...files.map((file) => path.join(this.data, file)));
  }

  has(files) {
    return this.quick || files.every((file) => existsSync(path.join(this.data, file)));
  }

  /** Trains on rows and judges others: the JSON of `wasl eval` of each test by its name. */
  async learnt(name, train, dev, tests) {
    const file = (part) => path.join(this.folder, `${name}-${part}.tsv`);
    const model = path.join(this.folder, name);
    await writeRows(file("train"), train);
    const args = ["train", "--data", file("train"), "--model", model];
    if (dev) {
      await writeRows(file("dev"), dev);
      args.push("--dev", file("dev"));
    }
    await this.wasl([...args, "--json"], { about: `${name}, ${train.length} rows` });
    const found = {};
    for (const [test, rows] of Object.entries(tests)) {
      await writeRows(file(test), rows);
      const about = `${test}, ${rows.length} rows`;
      found[test] = JSON.parse(await this.wasl(["eval", "--model", model, "--data", file(test), "--json"], { about }));
      const known = new Set(train.map(({ label }) => label)).add("oos");
      found[test].rows_of_unknown_labels = rows.filter(({ label }) => !known.has(label)).length;
    }
    await rm(model, { recursive: true, force: true });
    this.raw[name] = found;
    return found;
  }

  async set(name) {
    const { train, dev, tests } = sets[name];
    const missing = [train, dev ?? [], ...Object.values(tests)].flat().filter((file) => !this.has([file]));
    if (missing.length > 0) return this.log(`  skipped: no ${missing.join(", ")} in the data`);
    const judged = {};
    for (const [test, files] of Object.entries(tests)) judged[test] = await this.read(files, "held_out.tsv");
    const found = await this.learnt(
      name, await this.read(train, "rows.tsv"), dev && (await this.read(dev, "held_out.tsv")), judged);
    for (const [test, e] of Object.entries(found)) {
      const count = e.rows_of_unknown_labels;
      const unknown = count > 0 ? `; ${count} rows of intents without training rows` : "";
      this.rows[`ece-${test}`] = one(e.ece);
      if (name === "clinc") {
        const alone = `${written(percent(e.accuracy_in_scope_top1))} in scope alone${unknown}`;
        this.rows["clinc-joint"] = one(percent(e.accuracy_in_scope_joint), alone);
        this.rows["clinc-recall"] = one(percent(e.oos_recall), `precision ${written(percent(e.oos_precision))}`);
        this.rows["clinc-auroc"] = one(percent(e.oos_auroc));
      } else {
        this.rows[test] = one(percent(e.accuracy_in_scope_top1), `macro F1 ${written(percent(e.macro_f1))}${unknown}`);
      }
      if (name === "curekart") {
        const joint = written(percent(e.accuracy_in_scope_joint));
        this.rows["curekart-auroc"] = one(
          percent(e.oos_auroc), `recall ${written(percent(e.oos_recall))} at its bar, joint ${joint}`);
      }
    }
  }

  async mood(name) {
    const { file, by, rest, label } = moods[name];
    if (!this.has([file])) return this.log(`  skipped: no ${file} in the data`);
    const rows = await this.read([file], "rows.tsv");
    const { train, test } = splitByIndex(rows, by, rest);
    // The tiny set knows no moods: one of its labels stands for the one that is looked for.
    const stands = test[0].label;
    if (this.quick) for (const row of rows) if (row.label === stands) row.label = label;
    const found = await this.learnt(name, train, undefined, { [name]: test });
    const { precision, recall, f1, rows: count } = found[name].per_intent[label];
    this.rows[name] = one(
      percent(f1), `precision ${written(percent(precision))}, recall ${written(percent(recall))}, ${count} such rows`);
  }

  /** A bot folder of its own, trained once: where it lies and what training said. */
  async bot() {
    if (this.trained) return this.trained;
    const folder = path.join(this.folder, "bot");
    const from = this.quick ? path.join(tiny, "bot") : path.join(paths.root, "starter");
    const kept = (file) => !["models", "data"].includes(path.relative(from, file).split(path.sep)[0]);
    await cp(from, folder, { recursive: true, filter: kept });
    const said = JSON.parse(await this.wasl(["train", "--bot", folder, "--json"], { about: "the bot" }));
    this.trained = { folder, said };
    return this.trained;
  }

  async training() {
    const { folder, said } = await this.bot();
    const model = path.join(folder, "models", "intents");
    let bytes = 0;
    for (const file of await readdir(model)) bytes += (await stat(path.join(model, file))).size;
    this.rows.size = one(bytes / 1e6);
    const busy = `${os.cpus().length} cores, load average ${os.loadavg()[0].toFixed(1)}`;
    this.rows.seconds = one(said.seconds, `${said.examples} examples of ${said.intents} intents; ${busy}`);
    this.raw.training = { ...said, bytes };
  }

  /** Arabic is what is written in either alphabet. */
  async starter() {
    const { folder } = await this.bot();
    const args = ["eval", "--bot", folder, "--folds", this.quick ? 3 : 10, "--json"];
    const e = JSON.parse(await this.wasl(args, { about: "the bot, by cross-validation" }));
    const inScope = (each) => Object.values(each.per_intent).reduce((sum, { rows }) => sum + rows, 0);
    const known = (language) => {
      const found = e.per_language[language];
      return found && inScope(found) > 0 ? found : undefined;
    };
    const over = (languages, key) => {
      const parts = languages.map(known).filter(Boolean);
      const all = parts.reduce((sum, each) => sum + inScope(each), 0);
      return percent(parts.reduce((sum, each) => sum + each[key] * inScope(each), 0) / all);
    };
    for (const [id, languages] of [["starter-en", ["en"]], ["starter-ar", ["ar", "arabizi"]]]) {
      const top1 = (of) => over(of, "accuracy_in_scope_top1");
      const apart = languages.includes("arabizi") && known("arabizi") ? `, Arabizi alone ${written(top1(["arabizi"]))}` : "";
      const joint = written(over(languages, "accuracy_in_scope_joint"));
      this.rows[id] = one(top1(languages), `best guess; joint ${joint}${apart}`);
    }
    this.rows["ece-en"] = one(known("en").ece);
    this.rows["ece-ar"] = one(known("ar").ece, known("arabizi") && `Arabizi ${known("arabizi").ece.toFixed(3)}`);
    const bar = `recall ${written(percent(e.oos_recall))}, precision ${written(percent(e.oos_precision))}`;
    this.rows["starter-auroc"] = one(percent(e.oos_auroc), bar);
    this.raw.starter = e;
  }

  async understood(rows, about) {
    const { folder } = await this.bot();
    const input = rows.map(({ text }) => `${text}\n`).join("");
    const out = await this.wasl(["understand", "--bot", folder], { about, input });
    return out.trim().split("\n").map((line) => JSON.parse(line));
  }

  /** held_out.tsv, and what the bot says to it. Latin letters are Arabic where the bot sees Arabizi. */
  async heldOut() {
    if (this.held) return this.held;
    const file = path.join(...(this.quick ? [tiny] : [paths.root, "tests/understanding"]), "held_out.tsv");
    if (!existsSync(file)) return this.log("  skipped: there is no tests/understanding/held_out.tsv");
    const rows = await readRows(file);
    const said = await this.understood(rows, `held_out.tsv, ${rows.length} rows`);
    rows.forEach((row, i) => (row.language = isArabicScript(row.text) || said[i].arabizi ? "ar" : "en"));
    this.held = { rows, said };
    return this.held;
  }

  scores({ rows, said }) {
    const of = (keep) => score(rows.filter(keep), said.filter((_, i) => keep(rows[i])));
    const speaking = (which) => of(({ language }) => language === which);
    return { en: speaking("en"), ar: speaking("ar"), all: of(() => true) };
  }

  async ["held-out"]() {
    const held = await this.heldOut();
    if (!held) return;
    const found = this.scores(held);
    for (const language of ["en", "ar"]) {
      const { rows, top1, joint, oosRows, oosFound } = found[language];
      const strange = oosRows > 0 ? `; ${written(oosFound)} of ${oosRows} out-of-scope rows found` : "";
      this.rows[`held-out-${language}`] = one(top1, `best guess of ${rows} rows; joint ${written(joint)}${strange}`);
    }
    this.raw["held-out"] = found;
  }

  async typos() {
    const held = await this.heldOut();
    if (!held) return;
    const random = randomFrom(kTypoSeed);
    const rows = held.rows.map((row) => ({ ...row, text: withTypos(row.text, 2, random) }));
    const before = this.scores(held);
    const after = this.scores({ rows, said: await this.understood(rows, "the same with typos") });
    const loss = (language) => before[language].top1 - after[language].top1;
    this.rows.typos = one(loss("all"), `English ${written(loss("en"))}, Arabic ${written(loss("ar"))}; seed ${kTypoSeed}`);
    this.raw.typos = { before, after };
  }

  async speed() {
    await prepare(this.log);
    const rounds = [];
    while (rounds.length < (this.quick ? 1 : 3)) {
      rounds.push(await probe("bench_understand", paths.bot, paths.mix, this.quick ? 3000 : 40_000));
    }
    const predict = median(rounds.map((each) => each.predict.p50_us));
    this.rows.speed = {
      measured: spread(rounds, (each) => each.understand.p50_us),
      note: `the packaged fastText's predict alone, same run, ${predict.toFixed(1)} µs`,
    };
    this.raw.speed = rounds;
  }

  /** One row; what goes wrong in it is told, and the others go on: they may have taken an hour. */
  async row(name) {
    this.log(`  ${name}`);
    const before = new Set(Object.keys(this.rows));
    try {
      if (sets[name]) await this.set(name);
      else if (moods[name]) await this.mood(name);
      else await this[name]();
    } catch (failed) {
      this.failed.push(`${name}: ${failed.message}`);
      this.log(`  ${this.failed.at(-1)}`);
    }
    const found = Object.entries(this.rows).filter(([id]) => !before.has(id));
    this.log(`  ${found.map(([id, { measured }]) => `${id} ${round(measured.median)}`).join(", ")}`);
  }
}

export async function understanding({ quick, data, only, log }) {
  const wanted = understandingRows.filter((name) => only.length === 0 || only.includes(name));
  const possible = data || quick ? wanted : only.length > 0 ? wanted.filter((name) => own.includes(name)) : [];
  if (possible.length < wanted.length) {
    const left = possible.length > 0 ? ` ${wanted.filter((name) => !own.includes(name)).join(", ")}` : "";
    log(`understanding: skipped${left}: no data; say --data DIR or WASL_DATA=DIR`);
  }
  if (data && !existsSync(data)) throw new Error(`no folder ${data}`);
  const folder = await mkdtemp(path.join(os.tmpdir(), "wasl-understanding-"));
  const run = new Run({ quick, data, log }, folder);
  try {
    for (const name of possible) await run.row(name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { rows: run.rows, raw: run.raw, failed: run.failed, goals: understandingGoals };
}
