import { isUtf8 } from 'node:buffer';
import { invalid, quote } from '../values/error.ts';

/** How a file's bytes stand for text. */
export interface Encoding {
  /** As people call it. */
  readonly name: string;
  /** As iconv calls it. */
  readonly codec: string;
  /** How many bytes of a byte order mark precede the text. */
  readonly bom: number;
}

const UTF8 = { name: 'UTF-8', codec: 'utf-8' };
const UTF16_LE = { name: 'UTF-16 LE', codec: 'utf-16le' };
const UTF16_BE = { name: 'UTF-16 BE', codec: 'utf-16be' };
const WINDOWS = { name: 'Windows-1252', codec: 'windows-1252' };

/** How much of a file's beginning decides what it is. */
export const HEAD_BYTES = 65_536;

/**
 * The encoding of a file by its beginning: a byte order mark, the NUL bytes of UTF-16, valid UTF-8, else Windows-1252.
 * Throws INVALID for what is no text, saying what it seems to be. `whole`: the file ends with `head`.
 */
export function detectEncoding(head: Buffer, file: string, whole: boolean): Encoding {
  const marked = byMark(head);
  if (marked !== undefined) return marked;
  refuseFormats(head, file);
  const wide = byNuls(head);
  if (wide !== undefined) return wide;
  refuseControls(head, file);
  const text = whole ? head : withoutCutCharacter(head);
  if (isUtf8(text)) return { ...UTF8, bom: 0 };
  refuseMixture(text, file);
  return { ...WINDOWS, bom: 0 };
}

/**
 * Bytes with which the letters and signs of western Europe begin in UTF-8; as Windows-1252 they are Â to Å and â.
 * Others begin pairs that stand in such a text too: `É’`.
 */
const WESTERN: ReadonlySet<number> = new Set([0xc2, 0xc3, 0xc4, 0xc5, 0xe2]);

/** Characters of UTF-8 beside bytes that are none are two encodings in one file, of which neither can be read whole. */
function refuseMixture(text: Buffer, file: string): void {
  let [good, bad, line] = [0, 0, 1];
  let byte = 0;
  for (let at = 0; at < text.length && (good === 0 || bad === 0); ) {
    const first = text[at] ?? 0;
    if (first === 10 || (first === 13 && text[at + 1] !== 10)) line++;
    const size = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const isGood = size > 1 && isUtf8(text.subarray(at, at + size)) && at + size <= text.length;
    if (isGood && WESTERN.has(first) && good === 0) good = line;
    if (size > 1 && !isGood && bad === 0) [bad, byte] = [line, first];
    at += isGood ? size : 1;
  }
  if (good === 0 || bad === 0) return;
  const message = `line ${bad} has the byte 0x${byte.toString(16)}, which is not UTF-8, but line ${good} has a character in UTF-8`;
  throw invalid(
    `${quote(file)} is in two encodings: ${message}`,
    'save it again as UTF-8; or say what it is with --encoding windows-1252, and what is UTF-8 is misread',
    [{ message, line: bad }],
  );
}

/** The encoding that `--encoding` names; a byte order mark of the same encoding is passed over. */
export function namedEncoding(name: string, head: Buffer, known: (codec: string) => boolean): Encoding {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
  const named = NAMES[plain] ?? { name, codec: name.trim() };
  const marked = byMark(head);
  if (marked !== undefined && (marked.codec === named.codec || plain === 'utf16')) return marked;
  if (!known(named.codec))
    throw invalid(
      `--encoding ${quote(name)} is no encoding`,
      'give utf-8, windows-1252, utf-16le, utf-16be, or one such as iso-8859-2',
    );
  return { ...named, bom: 0 };
}

const NAMES: Readonly<Record<string, typeof UTF8>> = {
  utf8: UTF8,
  utf16: UTF16_LE,
  utf16le: UTF16_LE,
  utf16be: UTF16_BE,
  windows1252: WINDOWS,
  cp1252: WINDOWS,
  ansi: WINDOWS,
  // What calls itself Latin-1 is Windows-1252 wherever the two differ (WHATWG Encoding).
  iso88591: WINDOWS,
  latin1: WINDOWS,
};

function byMark(head: Buffer): Encoding | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { ...UTF8, bom: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { ...UTF16_LE, bom: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { ...UTF16_BE, bom: 2 };
  return undefined;
}

/** Western text in UTF-16 has a NUL in nearly every second place, and hardly any in the others. */
function byNuls(head: Buffer): Encoding | undefined {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < head.length; i++) {
    if (head[i] !== 0) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  const half = head.length / 2;
  if (odd > half * 0.6 && even < half * 0.05) return { ...UTF16_LE, bom: 0 };
  if (even > half * 0.6 && odd < half * 0.05) return { ...UTF16_BE, bom: 0 };
  return undefined;
}

const FORMATS: readonly (readonly [bytes: string, what: string])[] = [
  ['504b0304', 'a spreadsheet (.xlsx, .ods) or another ZIP archive'],
  ['d0cf11e0', 'an old spreadsheet (.xls) or another Office file'],
  ['1f8b', 'compressed (gzip)'],
  ['25504446', 'a PDF'],
  ['53514c69746520666f726d61742033', 'a SQLite database'],
  ['89504e47', 'a picture (PNG)'],
  ['ffd8ff', 'a picture (JPEG)'],
];

function refuseFormats(head: Buffer, file: string): void {
  const start = head.toString('hex', 0, 16);
  const found = FORMATS.find(([bytes]) => start.startsWith(bytes));
  if (found !== undefined)
    throw invalid(`${quote(file)} is no CSV file: it is ${found[1]}`, 'save it as CSV, and import that');
}

function refuseControls(head: Buffer, file: string): void {
  const at = head.findIndex((byte) => byte < 9 || byte === 11 || (byte > 13 && byte < 32 && byte !== 26));
  if (at < 0) return;
  const byte = `0x${head.readUInt8(at).toString(16).padStart(2, '0')}`;
  const name = head[at] === 0 ? 'a NUL byte' : `the control byte ${byte}`;
  throw invalid(
    `${quote(file)} is no text: it has ${name} at position ${at + 1}`,
    'save it as CSV, in UTF-8; of a text in UTF-16 without a byte order mark, say so with --encoding',
  );
}

/** Without the character at the end that the cut may have divided. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length - cutBytes(bytes));
}

/** How many bytes at the end of `bytes` begin a UTF-8 character that is not whole. */
export function cutBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needs > back ? back : 0;
  }
  return 0;
}
