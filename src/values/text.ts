/** What `cleanText` may let through. */
export interface TextLimits {
  /** Whether line breaks and tabs may stay. */
  readonly multiline: boolean;
  /** The greatest length, in code points. */
  readonly max: number;
}

/** The text, or why it is refused: `message` says it of the text, as in "has a line break …", without repeating it. */
export type CleanText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/**
 * The form by which handles are compared: compatibility forms, letter case, invisible characters and the width of
 * white space do not count. Folding twice changes nothing.
 */
export function fold(text: string): string {
  // Most handles are plain; for them folding is lower case, at a tenth of the time.
  if (/^[!-~]+(?: [!-~]+)*$/.test(text)) return text.toLowerCase();
  const visible = text.replace(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFKC');
  // By way of upper case, which takes ß to ss; by way of lower case before, for the capital ẞ.
  const oneCase = visible.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return oneCase.normalize('NFKC').replace(/\s+/g, ' ').trim();
}

/**
 * A text as records store it: in Unicode form NFC, without white space around it, line breaks as \n. Refuses what
 * no field should hold: control characters, broken surrogates, invisible and direction-changing characters, and
 * more than `max` code points.
 */
export function cleanText(text: string, { multiline, max }: TextLimits): CleanText {
  // Most texts are plain; what knows all of Unicode takes longer to make than a command takes to read its flags.
  if (text.length <= max && /^[!-~]+(?: +[!-~]+)*$/.test(text)) return { ok: true, text };
  const breaks = multiline ? text.replace(/\r\n?/g, '\n') : text;
  const wrong = refusedIn(multiline).exec(breaks.trim());
  if (wrong !== null) return refused(breaks, wrong);
  const clean = breaks.trim().normalize('NFC');
  const length = clean.length > max ? [...clean].length : clean.length;
  if (length <= max) return { ok: true, text: clean };
  return {
    ok: false,
    message: `has ${length} characters, more than ${max}`,
    hint: `shorten it to ${max} characters`,
  };
}

// Lone surrogates; what nobody sees, language tags and direction overrides among it, but not the joiners, marks and
// variation selectors that names and emoji need; U+2028 and U+2029 (line breaks), U+FFFE and U+FFFF (no characters).
const NEEDED = '\\u200c-\\u200f\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}';
const ODD = '\\p{Cs}\\u2028-\\u202e\\u2066-\\u2069\\u061c\\ufffe\\uffff';
const UNSEEN = `(?![${NEEDED}])\\p{Default_Ignorable_Code_Point}`;

const refusedIn = (multiline: boolean): RegExp => {
  const known = refusing.get(multiline);
  if (known !== undefined) return known;
  const controls = multiline ? '\\u0000-\\u0008\\u000b-\\u001f' : '\\u0000-\\u001f';
  const made = new RegExp(`[${controls}\\u007f-\\u009f${ODD}]|${UNSEEN}`, 'u');
  refusing.set(multiline, made);
  return made;
};
const refusing = new Map<boolean, RegExp>();

function refused(breaks: string, wrong: RegExpExecArray): CleanText {
  const point = wrong[0].codePointAt(0) ?? 0;
  const name = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  const before = breaks.length - breaks.trimStart().length + wrong.index;
  const position = [...breaks.slice(0, before)].length + 1;
  return {
    ok: false,
    message: `has the ${kindOf(point)} ${name} at position ${position}`,
    hint:
      point === 10 || point === 13 || point === 9
        ? 'write it on one line, with blanks in place of tabs and line breaks'
        : 'take that character out; it often comes from copying or from a wrong encoding',
  };
}

function kindOf(point: number): string {
  if (point === 10 || point === 13 || point === 0x2028 || point === 0x2029) return 'line break';
  if (point < 0x20 || (point >= 0x7f && point <= 0x9f)) return 'control character';
  if (point >= 0xd800 && point <= 0xdfff) return 'broken character';
  return 'invisible character';
}
