/** What a spreadsheet runs as a formula begins with one of these, or with its wide form. */
const FORMULA = '[=+\\-@\\t\\r\\n＝＋－＠]';
/** A text that an import reads as no value, not as itself. */
const NO_VALUE = '(?:none|null|nil|#?n/a|–|—)$';
/** What a spreadsheet shows for a formula that failed. */
const FAILED = '#(?:REF!|VALUE!|NAME\\?|DIV/0!|NUM!|NULL!)$';
/** A number to which people give an apostrophe, so that a spreadsheet leaves it alone. */
const DIGITS = '\\d[\\d .]*$';
const ESCAPED = new RegExp(`^(?:'*(?:${FORMULA}|${NO_VALUE}|${FAILED})|'+${DIGITS})`, 'i');
const UNESCAPED = new RegExp(`^'+(?:${FORMULA}|${NO_VALUE}|${FAILED}|${DIGITS})`, 'i');
const FAILED_FORMULA = new RegExp(`^${FAILED}`);
/** Begin with +, and are safe: spreadsheets at most show one as a number. */
const PHONE = /^\+\d{4,15}(?:;\+\d{4,15})*$/;

/**
 * A text as a cell that no spreadsheet runs and that an import reads as this very text: with an apostrophe before
 * `=1+1`, `none`, or such an escape itself (`'=1+1`), so that `unescapeCell` can tell. Phones stay as they are.
 */
export const escapeCell = (text: string): string =>
  ESCAPED.test(text) && !PHONE.test(text) ? `'${text}` : text;

/** Takes back what `escapeCell` did; a text that it does not make stays as it is, such as `'t Hooft`. */
export const unescapeCell = (cell: string): string => (UNESCAPED.test(cell) ? cell.slice(1) : cell);

/** A formula that is a text, by which some programs keep leading zeros. */
const CONSTANT = /^="([^"]*)"$/;
const RUN = new RegExp(`^\\s*${FORMULA}`);

/**
 * A cell of a file as a result file repeats it: harmless in a spreadsheet, and read back as the cell was. Unlike
 * `escapeCell` it leaves words such as `none` what they were.
 */
export const harmlessCell = (cell: string): string =>
  RUN.test(cell) && !PHONE.test(cell) && !CONSTANT.test(cell) && !/^\s*-+\s*$/.test(cell)
    ? `'${cell.trimStart()}`
    : cell;

/** Whether a cell holds what a spreadsheet shows for a formula that failed. */
export const isFailedFormula = (cell: string): boolean => FAILED_FORMULA.test(cell);

/** Without what an export or a spreadsheet puts around a text so that it stays one: `'0851`, `="0851"`, `'=1+1`. */
export function unmarkedCell(cell: string): string {
  const constant = CONSTANT.exec(cell);
  return constant === null ? unescapeCell(cell) : (constant[1] ?? '');
}
