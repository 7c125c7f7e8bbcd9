import type { TranslationBundle } from '@jupyterlab/translation';

/* eslint-disable no-control-regex -- finding control characters is the point */
/** Characters that change how others are read, or that nobody sees. */
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** Those of them that prose never needs; marks of direction and joiners belong to many languages. */
const DECEPTIVE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/g;
/* eslint-enable no-control-regex */

/** `text` with hidden characters written out, so that code and titles read as what they are. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** Prose with control characters and those that turn its direction written out. */
export function readable(text: string): string {
  return text.replace(DECEPTIVE, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0)?.toString(16) ?? '';
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** Whether `text` holds characters that nobody sees. */
export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** What went wrong, in one line. */
export function problemOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return visible(text).split('\n')[0];
}

/** An error of any kernel in one line: Bash's has no name, and R's is always ERROR. */
export function failure(
  name: string,
  value: string,
  trans: TranslationBundle
): string {
  if (!name && /^\d+$/.test(value)) {
    return trans.__('Exit status %1', value);
  }
  const named = name && name !== 'ERROR';
  const line = value.split('\n')[0];
  return visible(named && line ? `${name}: ${line}` : line || name);
}

/** `seconds` as a person says it: < 0.1 s, 0.8 s, 42 s, 3 min 5 s, 2 h 10 min. */
export function duration(seconds: number, trans: TranslationBundle): string {
  if (seconds < 0.05) {
    return trans.__('< %1 s', '0.1');
  }
  if (seconds < 10) {
    return trans.__('%1 s', seconds.toFixed(1));
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return trans.__('%1 s', whole);
  }
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? trans.__('%1 min %2 s', minutes, whole % 60)
    : trans.__('%1 h %2 min', Math.floor(minutes / 60), minutes % 60);
}

/** `tokens` as a person says it: 870, 1.8k, 2.4M. */
export function count(tokens: number): string {
  if (tokens < 1000) {
    return String(tokens);
  }
  const [size, unit] = tokens < 999_500 ? [1000, 'k'] : [1_000_000, 'M'];
  const value = tokens / (size as number);
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}

/** The last part of a path. */
export function fileName(path: string): string {
  return visible(path.split('/').pop() ?? path);
}
