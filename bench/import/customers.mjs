import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export const ACCOUNTS = 300;
/** @param {number} number from 0 @returns {string} */
export const accountRef = (number) => `AC-${String(number % ACCOUNTS).padStart(3, '0')}`;

const FIRST = (
  'Aoife Ciarán Síle Zoë José Łucja Ann Bo Deirdre Éamon Fionn Gráinne Hugh Íde Jürgen Katarzyna Liam Máire ' +
  'Niamh Óscar Pádraig Quentin Róisín Séamus Tadhg Úna Vera Wojciech Xavier Yvonne Žofie Renée Björn Chloé ' +
  'Daniel Emma Frank Grace Helen Ivan Julia Karl Laura Mark Nora Oliver Paula Robert Sarah Thomas'
).split(' ');
const LAST = (
  "O'Brien Ó'Súilleabháin Müller Nowak Byrne Li García Núñez Smith Murphy Walsh Kelly Doyle McCarthy Gallagher " +
  'Kennedy Lynch Quinn Moore Nolan Brennan Burke Dunne Connolly Wilson Clarke Doherty Daly Kavanagh Kovács ' +
  'Jørgensen Šimůnek Dvořák Lindström Håkansson Çelik Öztürk Popović Żak Weiß Brady Flynn Casey Power Reilly'
).split(' ');
const TAGS = 'VIP night airport school regular invoice quiet corporate hotel hospital weekend prepaid'.split(
  ' ',
);

/** Numbers that look random and are the same every time (mulberry32). @param {number} seed */
function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below) | 0;
  };
}

/** Distinct for every index below ten million. @param {number} index @param {number} digits */
const scattered = (index, digits) =>
  String((index * 7_919_317 + 1_234_567) % 10 ** digits).padStart(digits, '0');

/** Six in ten national, the rest international; every one another number. @param {number} index */
function phone(index) {
  const number = scattered(index, 7);
  const [a, b] = [number.slice(0, 3), number.slice(3)];
  switch (index % 10) {
    case 0:
    case 1:
      return `085 ${a} ${b}`;
    case 2:
    case 3:
      return `085${number}`;
    case 4:
      return `(085) ${a} ${b}`;
    case 5:
      return `085-${a}-${b}`;
    case 6:
      return `+353 86 ${a} ${b}`;
    case 7:
      return `+35387${number}`;
    case 8:
      return `+44 7${4 + (Number(number[0]) % 2)}00 ${scattered(index, 6)}`;
    default:
      return `0049 1512 ${number}`;
  }
}

/** @param {string} text */
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

export const HEADER = 'First Name,Last Name,Mobile No,E-mail,Tags,Accounts,Loyalty Miles,Notes';

/** @param {number} index @param {(below: number) => number} random @returns {string} a line without its end */
function row(index, random) {
  const first = FIRST[random(FIRST.length)] ?? '';
  const last = LAST[random(LAST.length)] ?? '';
  const tags = random(10) < 3 ? [...new Set([random(12), random(12)])].map((tag) => TAGS[tag]).join(';') : '';
  const accounts =
    random(10) < 2
      ? [...new Set([accountRef(random(ACCOUNTS)), accountRef(random(ACCOUNTS))])].join(';')
      : '';
  const email = random(10) < 8 ? `customer.${index}@example.com` : '';
  const miles = random(4) === 0 ? String(random(5000)) : '';
  const notes = random(10) === 0 ? `Rings "twice", gate ${random(100)}` : '';
  const cells = [first, last, phone(index), email, tags, accounts, miles, notes];
  return cells
    .map((cell) => (cell.includes('"') || (cell !== '' && random(20) === 0) ? quoted(cell) : cell))
    .join(',');
}

/**
 * Writes a file of customers, the same for the same number of rows.
 *
 * @param {string} file
 * @param {number} rows at most a million, so that every phone is another
 */
export async function writeCustomers(file, rows) {
  const random = numbers(20_250_110);
  const out = createWriteStream(file);
  let text = `${HEADER}\n`;
  for (let index = 0; index < rows; index += 1) {
    text += `${row(index, random)}\n`;
    if (text.length < 1 << 18) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'finish');
}
