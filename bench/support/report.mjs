/**
 * A figure of the table that `npm run bench` ends with; a benchmark writes a list of them as `ratios` into its file.
 *
 * @typedef {object} Ratio
 * @property {string} name what was measured
 * @property {string} against what it is compared with, measured in the same run
 * @property {number} ratio the median of the pairs
 * @property {number} low the lower quartile, or the least
 * @property {number} high the upper quartile, or the most
 * @property {number | undefined} [aim] what it should be at most
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

/** @param {number} low @param {number} high */
export const spread = (low, high) => `${low.toFixed(2)}–${high.toFixed(2)}`;

/**
 * Prints a line of a table.
 *
 * @param {readonly (string | number)[]} cells
 * @param {number} [first] the width of the first cell
 */
export function line(cells, first = 10) {
  const [head = '', ...rest] = cells.map(String);
  process.stdout.write(`${head.padEnd(first)}${rest.map((cell) => cell.padStart(10)).join('')}\n`);
}
