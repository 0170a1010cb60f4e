/** `clientCapabilities` → `client capabilities`. */
export const words = (name: string): string =>
  name
    .replace(/^_+/, '')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/[-_]/g, ' ')
    .trim();

/** A value of JSON as plain text: nothing for null, `a;b` for a list, the id of a reference with nothing to call it by. */
export function plainText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(plainText).join(';');
  if (typeof value !== 'object') return String(value);
  const named = value as Record<string, unknown>;
  const name = named['name'] ?? named['ref'] ?? named['callsign'] ?? named['code'];
  return typeof name === 'string' && typeof named['id'] === 'string' ? name : JSON.stringify(value);
}

/** A line of CSV by RFC 4180, without the line break. */
export const csvLine = (cells: readonly string[]): string =>
  cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
