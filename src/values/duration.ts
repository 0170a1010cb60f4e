const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * The seconds that `30s`, `5m`, `2h`, `90d` or a plain number of seconds stand for; a day counts 24 hours.
 * `undefined` for anything else: fractions, signs, several units, more than a number holds exactly.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+)([smhd]?)$/i.exec(text.trim());
  if (match === null) return undefined;
  const unit = (match[2]?.toLowerCase() || 's') as keyof typeof SECONDS;
  const seconds = Number(match[1]) * SECONDS[unit];
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}
