// What needs no server: understanding one message, a step of its dialogue, and the steps of the desk.
import { paths, probe } from "../lib/bench.mjs";
import { median, spread } from "../lib/stats.mjs";

const timesOf = async (count, once) => {
  const rounds = [];
  while (rounds.length < count) rounds.push(await once());
  return rounds;
};

export async function understand({ quick, log }) {
  const rounds = await timesOf(quick ? 1 : 3, () =>
    probe("bench_understand", paths.bot, paths.mix, quick ? 3000 : 40_000));
  const predict = median(rounds.map((each) => each.predict.p50_us));
  const p99 = median(rounds.map((each) => each.understand.p99_us));
  log(`understand ${rounds.map((each) => each.understand.p50_us.toFixed(1)).join(", ")} µs`);
  return {
    rounds,
    rows: {
      understand: {
        measured: spread(rounds, (each) => each.understand.p50_us),
        note: `the packaged fastText's predict alone ${predict.toFixed(1)} µs; understanding p99 ${p99.toFixed(0)} µs`,
      },
    },
  };
}

export async function step({ quick, log }) {
  const rounds = await timesOf(quick ? 1 : 3, () =>
    probe("bench_step", paths.bot, paths.mix, quick ? 3000 : 40_000));
  const copy = median(rounds.map((each) => each.copy.p50_us));
  const p99 = median(rounds.map((each) => each.step.p99_us));
  log(`step ${rounds.map((each) => each.step.p50_us.toFixed(2)).join(", ")} µs, copy ${copy.toFixed(2)} µs`);
  return {
    rounds,
    rows: {
      step: {
        measured: spread(rounds, (each) => each.step.p50_us),
        note: `copying the state it begins with ${copy.toFixed(2)} µs; step p99 ${p99.toFixed(0)} µs`,
      },
    },
  };
}

const steps = ["claim", "offer", "position"];
const growth = (round, step) => round.many[`${step}_us`] / round.few[`${step}_us`];

export async function desk({ quick, log }) {
  const rounds = await timesOf(quick ? 1 : 3, () => probe("bench_desk", quick ? 3 : 30));
  const each = steps.map((step) => {
    const few = median(rounds.map((round) => round.few[`${step}_us`]));
    const many = median(rounds.map((round) => round.many[`${step}_us`]));
    return `${step} ${many.toFixed(2)} ÷ ${few.toFixed(2)} µs`;
  });
  log(each.join(", "));
  return {
    rounds,
    rows: {
      desk: {
        measured: spread(rounds, (round) => Math.max(...steps.map((step) => growth(round, step)))),
        note: each.join(", "),
      },
    },
  };
}
