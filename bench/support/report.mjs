/**
 * A figure of the table that `npm run bench` ends with; a benchmark writes a list of them as `ratios` into its file.
 *
 * @typedef {object} Ratio
 * @property {string} name what was measured
 * @property {string} against what it is compared with, measured in the same run
 * @property {number | null} ratio the median of the pairs; null where it could not be measured here
 * @property {number} [low] the lower quartile, or the least
 * @property {number} [high] the upper quartile, or the most
 * @property {number | undefined} [aim] what it should be at most
 * @property {number} [atLeast] what it should be at least, instead
 * @property {number} [peakMb] the most memory that it held
 */

/** @param {readonly number[]} values at least one @returns {number} the middle one; the upper of two */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.floor(sorted.length / 2)]);
}

/** @param {readonly number[]} values at least one @param {number} part 0 to 1 @returns {number} what that part is at most */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.round((sorted.length - 1) * part)]);
}

/**
 * The figure of the pairs of a run: the median of their ratios, with the quartiles.
 *
 * @param {readonly number[]} ratios at least one
 */
export const ratioOf = (ratios) => ({
  ratio: median(ratios),
  low: quantile(ratios, 0.25),
  high: quantile(ratios, 0.75),
});

/** @param {Ratio} ratio @returns {string} whether its aim was met, to two digits as it is shown; empty where it has none */
export function verdict({ ratio, aim, atLeast }) {
  if (ratio === null) return 'unknown';
  const shown = Number(ratio.toFixed(2));
  if (aim !== undefined) return shown <= aim ? 'met' : 'missed';
  if (atLeast !== undefined) return shown >= atLeast ? 'met' : 'missed';
  return '';
}

/** @param {number} low @param {number} high */
export const spread = (low, high) => `${low.toFixed(2)}–${high.toFixed(2)}`;

/** @param {Ratio} one @returns {readonly (string | number)[]} its cells in the table that `npm run bench` ends with */
export function cellsOf(one) {
  const aim = one.aim !== undefined ? `≤ ${one.aim}` : one.atLeast !== undefined ? `≥ ${one.atLeast}` : '';
  const figure = one.ratio === null ? 'not measured' : one.ratio.toFixed(2);
  const around = one.low === undefined || one.high === undefined ? '' : spread(one.low, one.high);
  return [figure, around, aim, verdict(one), one.peakMb ?? '', `  ${one.against}`];
}

/**
 * Prints a line of a table.
 *
 * @param {readonly (string | number)[]} cells
 * @param {number} [first] the width of the first cell
 */
export function line(cells, first = 10) {
  const [head = '', ...rest] = cells.map(String);
  process.stdout.write(
    `${head.padEnd(first)}${rest.map((cell) => cell.padStart(Math.max(10, cell.length + 1))).join('')}\n`,
  );
}
