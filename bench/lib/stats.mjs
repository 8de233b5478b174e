export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of `figure` over rounds, and how far the rounds lie apart. */
export function spread(rounds, figure) {
  const values = rounds.map(figure);
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/** Four significant digits: more would promise too much. */
export const round = (value) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : value);
